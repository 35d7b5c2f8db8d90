import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

/** One line of the ledger file. Times are ISO 8601, the fake's clock. */
export type LedgerEntry =
  | { event: 'accepted'; project: string; key?: string; createdAt: string; status: 'pending' }
  | {
      event: 'ended';
      project: string;
      key?: string;
      status: 'done' | 'error';
      endedAt: string;
      credits: number;
      message?: string;
    }
  | { event: 'deleted'; project: string; key?: string; deletedAt: string }
  | { event: 'webhook'; project: string; key?: string; url: string; at: string; status: number | null };

/**
 * The oracle's file. `append` returns after the line has reached the disk: a reply that a client has seen can
 * never be missing here, also when this process is killed right after.
 */
export class Ledger {
  #file: number | undefined;

  constructor(path: string | undefined) {
    this.#file = path === undefined ? undefined : openSync(path, 'a');
  }

  append(entry: LedgerEntry): void {
    if (this.#file === undefined) return;
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#file);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

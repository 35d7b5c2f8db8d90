import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

import type { LedgerEntry } from './ledger-entry.js';

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

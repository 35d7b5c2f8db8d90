import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

import type { LedgerEntry } from './ledger-entry.js';

/** Events that a reply acknowledges, so that a client relies on them. A power loss may take the others. */
const ACKNOWLEDGED: ReadonlySet<LedgerEntry['event']> = new Set([
  'opened',
  'accepted',
  'deleted',
  'granted',
  'template',
  'switches',
]);

/** The file may hold webhook headers and movies of its user: nobody else reads it. */
const OWNER_ONLY = 0o600;

/**
 * The ledger's file. `append` returns after the line is out of this process, and after it has reached the disk if a
 * reply acknowledges it. So a kill loses no line, and a power loss none that a client knows of.
 */
export class Ledger {
  #file: number | undefined;

  /** Opens the file; without a path nothing is kept. */
  open(path: string | undefined): void {
    this.#file = path === undefined ? undefined : openSync(path, 'a', OWNER_ONLY);
  }

  get isKept(): boolean {
    return this.#file !== undefined;
  }

  append(entry: LedgerEntry): void {
    if (this.#file === undefined) return;
    write(this.#file, `${JSON.stringify(entry)}\n`);
    if (ACKNOWLEDGED.has(entry.event)) fsyncSync(this.#file);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** Writes the whole line or nothing: a part of a line before another line would make the file unreadable. */
function write(file: number, line: string): void {
  const bytes = Buffer.from(line);
  const sizeBefore = fstatSync(file).size;
  try {
    for (let sent = 0; sent < bytes.length; sent += writeSync(file, bytes, sent));
  } catch (error) {
    ftruncateSync(file, sizeBefore);
    throw error;
  }
}

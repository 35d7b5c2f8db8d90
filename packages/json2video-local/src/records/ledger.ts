import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';

import { OptionInvalid } from '../invalid.js';
import { parsedJson } from '../json.js';
import type { LedgerEntry } from './ledger-entry.js';
import { ledgerEntry } from './ledger-entry.js';

/** Size of a ledger file that can be read back, bytes: it is held in memory meanwhile. */
const MAX_LEDGER_BYTES = 256 * 1024 * 1024;

/**
 * The ledger's file. `append` returns after the line has reached the disk: a reply that a client has seen is never
 * missing here, also if this process is killed right after it.
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

/**
 * Reads the entries of an earlier run; none if there is no such file. A last line that was cut short is removed from
 * the file: its movie was never acknowledged, because a line is whole before its reply goes out.
 *
 * @throws OptionInvalid naming the line
 */
export function readLedger(path: string | undefined): LedgerEntry[] {
  if (path === undefined || !existsSync(path)) return [];
  if (statSync(path).size > MAX_LEDGER_BYTES) {
    throw new OptionInvalid(`${path} is larger than ${MAX_LEDGER_BYTES} bytes: start with a new one.`);
  }
  const file = readFileSync(path);
  const wholeBytes = file.lastIndexOf('\n') + 1;
  if (wholeBytes < file.length) truncateSync(path, wholeBytes);
  const lines = file.subarray(0, wholeBytes).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => entryOf(line, `${path}, line ${index + 1}`));
}

function entryOf(line: string, where: string): LedgerEntry {
  const parsed = ledgerEntry.safeParse(parsedJson(line));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new OptionInvalid(`${where} is no ledger line: "${issue?.path.join('.') ?? ''}" is not usable.`);
}

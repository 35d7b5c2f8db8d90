import { existsSync, readFileSync, statSync, truncateSync } from 'node:fs';

import { parsedJson } from '../json.js';
import { MAX_LEDGER_BYTES } from '../limits.js';
import type { LedgerEntry } from './ledger-entry.js';
import { ledgerEntry } from './ledger-entry.js';

/** A ledger file that is not one, or not of this version. The message names the line. */
export class LedgerUnreadable extends Error {
  override readonly name = 'LedgerUnreadable';
}

/**
 * What an earlier run of the fake wrote; nothing if there is no such file. A last line that was cut short is
 * taken out of the file: its movie was never acknowledged, since a line is whole before its reply goes out.
 *
 * @throws LedgerUnreadable
 */
export function readLedger(path: string | undefined): LedgerEntry[] {
  if (path === undefined || !existsSync(path)) return [];
  if (statSync(path).size > MAX_LEDGER_BYTES) {
    throw new LedgerUnreadable(`${path} is larger than ${MAX_LEDGER_BYTES} bytes: start with a new one.`);
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
  throw new LedgerUnreadable(`${where} is no ledger line: "${issue?.path.join('.') ?? ''}" is not usable.`);
}

import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { OptionInvalid } from '../invalid.js';
import { parsedJson } from '../json.js';
import type { LedgerEntry } from './ledger-entry.js';
import { ledgerEntry } from './ledger-entry.js';

/** Bytes read at a time. */
const CHUNK_BYTES = 1024 * 1024;

/** The longest line, bytes: a movie has at most 2 MB, and a line holds it twice with what was made of it. */
const MAX_LINE_BYTES = 32 * CHUNK_BYTES;

const NEWLINE = 10;

/**
 * Yields the entries of a ledger file; none if there is no such file. When all are read, a last line that was cut short
 * is removed from the file: no client was told of it, because a line is whole before its reply goes out.
 *
 * @throws OptionInvalid naming the line
 */
export function* readLedger(path: string): Generator<LedgerEntry> {
  let number = 0;
  for (const line of wholeLines(path)) {
    number += 1;
    yield entryOf(line, `${path}, line ${number}`);
  }
}

/** Replaces the file by one of these entries. A kill at any moment leaves the old file or the new one. */
export function rewriteLedger(path: string, entries: Iterable<LedgerEntry>): void {
  const nextPath = `${path}.next`;
  const next = openSync(nextPath, 'w', 0o600);
  try {
    for (const entry of entries) writeSync(next, `${JSON.stringify(entry)}\n`);
    fsyncSync(next);
  } finally {
    closeSync(next);
  }
  renameSync(nextPath, path);
  syncFolder(dirname(path));
}

function* wholeLines(path: string): Generator<string> {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r+');
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    let wholeBytes = 0;
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      const text = Buffer.concat([rest, chunk.subarray(0, size)]);
      let from = 0;
      for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, from)) {
        yield text.toString('utf8', from, end);
        from = end + 1;
      }
      wholeBytes += from;
      rest = text.subarray(from);
      if (rest.length > MAX_LINE_BYTES) throw new OptionInvalid(`${path} is no ledger: a line has no end.`);
    }
    if (rest.length > 0) ftruncateSync(file, wholeBytes);
  } finally {
    closeSync(file);
  }
}

function entryOf(line: string, where: string): LedgerEntry {
  const parsed = ledgerEntry.safeParse(parsedJson(line));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new OptionInvalid(`${where} is no ledger line: "${issue?.path.join('.') ?? ''}" is not usable.`);
}

/** Makes the new name of a file last through a power loss. Windows cannot open folders, and needs no such call. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

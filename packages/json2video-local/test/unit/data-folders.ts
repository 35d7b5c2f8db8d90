import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach } from 'vitest';

import type { FakeJson2Video, FakeOptions } from '../../src/index.js';
import { startFake } from './support.js';

let folder = '';
let copies = 0;

/** Gives each test a data folder of its own. */
export function freshDataFolders(): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fake-'));
    copies = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
}

/** The folder of the server that was started last. */
export const dataFolder = (): string => join(folder, copies === 0 ? 'data' : `copy-${copies}`);

/** Starts a server on the test's data folder, with a clock that stands still. */
export const begin = (options: FakeOptions = {}): Promise<FakeJson2Video> =>
  startFake({ dataFolder: dataFolder(), fixedClock: true, ...options });

/** Starts a server on what a kill at this moment would leave on the disk. */
export function afterKill(options: FakeOptions = {}): Promise<FakeJson2Video> {
  const last = dataFolder();
  copies += 1;
  cpSync(join(last, 'ledger.jsonl'), join(dataFolder(), 'ledger.jsonl'));
  return begin(options);
}

/** Ends the server and starts another on its folder. */
export async function restarted(fake: FakeJson2Video, options: FakeOptions = {}): Promise<FakeJson2Video> {
  await fake.close();
  return begin(options);
}

export const ledgerText = (): string => readFileSync(join(dataFolder(), 'ledger.jsonl'), 'utf8');

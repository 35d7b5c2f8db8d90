import { readdir, readFile, writeFile } from 'node:fs/promises';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEngineLog } from '../../src/engine/engine-log.js';
import { temporaryFolder } from './fakes.js';

let place: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  place = await temporaryFolder();
});

afterEach(() => place.remove());

test('the last lines are few, short and of this start only', async () => {
  const path = join(place.folder, 'engine.log');
  await writeFile(path, 'of an earlier start\n');
  const log = openEngineLog(path);
  expect(log.lastLines()).toEqual([]);
  for (let line = 1; line <= 100; line += 1) writeSync(log.fd, `line ${String(line)} ${'x'.repeat(500)}\n`);
  const lines = log.lastLines();
  log.close();
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toMatch(/^line 100 x+$/);
  expect(lines.every((line) => line.length <= 300)).toBe(true);
});

test('of a panic the last lines say why it was, not its stacks', () => {
  const log = openEngineLog(undefined);
  writeSync(log.fd, 'starting\npanic: no port\n\ngoroutine 1 [running]:\n');
  for (let line = 1; line <= 200; line += 1) writeSync(log.fd, `main.f${String(line)}(...)\n`);
  const lines = log.lastLines();
  log.close();
  expect(lines).toEqual(['starting', 'panic: no port']);
});

test('a log that has grown large is put aside once', async () => {
  const path = join(place.folder, 'engine.log');
  await writeFile(path, Buffer.alloc(5 * 1024 * 1024 + 1, 'x'));
  openEngineLog(path).close();
  expect(await readFile(path, 'utf8')).toBe('');
  expect(await readdir(place.folder)).toEqual(['engine.log', 'engine.log.old']);
});

import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderFault } from '../../src/engine/engine-error.js';
import { temporaryFolder, writeScript } from './fakes.js';
import { start, stopAll } from './real-engine.js';

let place: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  place = await temporaryFolder();
});

afterEach(async () => {
  await stopAll();
  await place.remove();
});

test('a folder that cannot be made is an error that names it, and says what to do', async () => {
  const file = join(place.folder, 'file');
  await writeFile(file, '');
  await expect(start({ dbFile: join(file, 'sub', 'engine.db') })).rejects.toMatchObject({
    code: 'ENGINE_START_FAILED',
    message: `The engine's folder ${join(file, 'sub')} cannot be written: a part of its path is no folder (ENOTDIR).`,
    next: 'Make it a folder that this user may write, or choose another one, with `up` and `dev` by --data.',
  });
});

test.skipIf(process.getuid?.() === 0)(
  'a folder that cannot be written is an error that names it',
  async () => {
    await chmod(place.folder, 0o500);
    const failure = start({ dbFile: join(place.folder, 'engine.db') });
    await expect(failure).rejects.toThrow(`${place.folder} cannot be written: this user may not write there`);
    await chmod(place.folder, 0o700);
  },
);

test.each([
  ['EACCES', 'cannot be written: this user may not write there (EACCES).'],
  ['EROFS', 'cannot be written: its file system is read-only (EROFS).'],
  ['ENOSPC', 'The disk of /data is full.'],
  ['EDQUOT', 'The disk of /data is full.'],
])('the fault %s of a folder is named', (code, message) => {
  const error = Object.assign(new Error(`${code}: mkdir`), { code, syscall: 'mkdir' });
  expect(folderFault(error, '/data', '')).toMatchObject({
    code: 'ENGINE_START_FAILED',
    message: expect.stringContaining(message),
    cause: error,
  });
});

test('an error that is about no folder passes unchanged', () => {
  const error = Object.assign(new Error('x'), { code: 'EMFILE', syscall: 'open' });
  expect(folderFault(error, '/data', '')).toBe(error);
});

test('a database file that cannot be written is named', async () => {
  const binary = await writeScript(
    place.folder,
    'temporal',
    'echo "attempt to write a readonly database (8)"; exit 1',
  );
  const dbFile = join(place.folder, 'engine.db');
  await expect(start({ binary, dbFile })).rejects.toMatchObject({
    message: `The engine's database file ${dbFile} cannot be written.`,
    next: expect.stringContaining('Let this user write the file and its folder'),
  });
});

test('a full disk is named, by the words of the database', async () => {
  const body = 'echo "failed setting up schema: database or disk is full (13)" >&2; exit 1';
  const binary = await writeScript(place.folder, 'temporal', body);
  await expect(start({ binary, dbFile: join(place.folder, 'engine.db') })).rejects.toMatchObject({
    code: 'ENGINE_START_FAILED',
    message: `The disk of ${place.folder} is full.`,
    next: expect.stringContaining('Free some space'),
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft } from '../support/processes.js';

expectNoProcessLeft();

/** Nothing listens there: the port is reserved and closed on every machine. */
const NOWHERE = '127.0.0.1:1';

let folder: string;
let movie: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderonce-options-'));
  movie = join(folder, 'movie.json');
  await writeFile(movie, JSON.stringify({ scenes: [] }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['--adopt for many', ['resolve', '--all', '--state', 'held', '--adopt', 'X', '--why', 'y']],
  ['no decision', ['resolve', 'k', '--why', 'y']],
  ['a time that is none', ['resolve', '--all', '--state', 'held', '--since', 'x', '--abandon', '--why', 'y']],
  ['a time that is none, for a list', ['list', '--since', 'x']],
  ['a key and --all', ['resolve', 'k', '--all', '--state', 'held', '--abandon', '--why', 'y']],
  ['a pointer that is refused', ['submit', 'k', 'MOVIE', '--ignore', '/scenes']],
  ['a pointer that is refused, for many', ['batch', 'MOVIE', '--ignore', '/scenes']],
  ['no key', ['cancel']],
  ['a key for a list', ['events', 'list', 'k']],
  ['nothing to replay', ['events', 'replay']],
  ['no name', ['budget', 'show']],
  ['no limit', ['budget', 'set', 'shop']],
])('wrong options are bad usage, also if no engine answers: %s', async (_what, args) => {
  const given = args.map((arg) => (arg === 'MOVIE' ? movie : arg));
  const ran = await callCommand([...given, '--json'], { TEMPORAL_ADDRESS: NOWHERE });
  expect(ran.code).toBe(2);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    error: { code: expect.stringMatching(/^(Options|Usage)Invalid$/) },
  });
});

test('dev takes its folder by --data as well, as the message about another folder proposes', async () => {
  for (const flag of ['--data', '--dir']) {
    const ran = await callCommand(['dev', '--port', '0', flag, movie, '--json'], {});
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      error: { message: expect.stringContaining(movie), next: expect.stringContaining('--data') },
    });
  }
});

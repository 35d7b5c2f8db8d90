import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { FakeJson2Video } from '../../src/index.js';
import { call, releaseFakes, startFake } from './support.js';

releaseFakes();

const run = promisify(execFile);
const DRIVER = fileURLToPath(new URL('third-party-client.py', import.meta.url));

/** The client, and what it needs to make requests; newer ones of the latter would do as well. */
const PACKAGES = [
  'json2video==2.0.0',
  'requests==2.32.3',
  'urllib3==2.2.3',
  'idna==3.10',
  'certifi==2024.8.30',
  'charset-normalizer==3.4.0',
];

let folder = '';
let python = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fake-client-'));
  await run('python3', ['-m', 'venv', join(folder, 'venv')]);
  python = join(folder, 'venv', 'bin', 'python');
  await run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    ...PACKAGES,
  ]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reply = z.record(z.string(), z.unknown());
const seenByClient = z.object({
  first: reply,
  polls: z.array(z.string()),
  last: reply.optional(),
  again: reply.optional(),
});

/** Runs the client; its proxies are this machine's matter, not the test's. */
async function driven(fake: FakeJson2Video, what: 'movie' | 'broken', apiKey = fake.apiKey) {
  const env = { ...process.env, NO_PROXY: '*' };
  const { stdout } = await run(python, [DRIVER, `${fake.url}/v2/movies`, apiKey, what], { env });
  return seenByClient.parse(JSON.parse(stdout));
}

describe('the PyPI package json2video 2.0.0, unmodified', () => {
  test('creates a movie, waits for it, and gets its video; creating it again is another project', async () => {
    const fake = await startFake({
      faults: [{ match: {}, effect: { kind: 'state', script: ['running', 'done'] } }],
    });
    const { first, polls, last, again } = await driven(fake, 'movie');
    const [one, two] = fake.movies();
    expect(first).toEqual({ success: true, project: one?.project, timestamp: expect.stringMatching(/Z$/) });
    expect(polls).toEqual(['running', 'done']);
    expect(last).toMatchObject({
      success: true,
      movie: { success: true, status: 'done', project: one?.project, duration: 4, width: 1280, height: 720 },
      remaining_quota: { time: fake.credits().balance },
    });
    const { url } = z.object({ movie: z.object({ url: z.string() }) }).parse(last).movie;
    expect((await call(fake, url.slice(fake.url.length), { apiKey: null })).headers['content-type']).toBe(
      'video/mp4',
    );
    // It sends the first project along as a field of the movie; nobody minds.
    expect(again).toMatchObject({ success: true, project: two?.project });
    expect(fake.requests().map(({ call: kind }) => kind)).toEqual([
      'create',
      'status',
      'status',
      'create',
      'file',
    ]);
  });

  test('a refused key is an error to it, with the status 400', async () => {
    const fake = await startFake();
    const { first } = await driven(fake, 'movie', 'nope');
    expect(first).toMatchObject({ success: false, message: 'Unknown SDK error' });
    expect(String(first['error'])).toContain('400 Client Error');
  });

  test('a movie that is refused at POST is an error to it, too', async () => {
    const fake = await startFake({ switches: { validation: 'post' } });
    const { first } = await driven(fake, 'broken');
    expect(String(first['error'])).toContain('400 Client Error');
    expect(fake.movies()).toEqual([]);
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { call, failureOf, movieOf, post, releaseFakes, START, startFake, submit } from './support.js';

releaseFakes();
releaseReceivers();

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fake-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));

/** The lines about movies, in a data folder. */
const movieLines = (dataFolder: string): unknown[] =>
  lines(join(dataFolder, 'ledger.jsonl')).filter(
    (line) => typeof line === 'object' && line !== null && 'project' in line,
  );

describe('the ledger file', () => {
  test('a movie is on disk before its reply', async () => {
    const dataFolder = join(folder, 'data');
    const fake = await startFake({ dataFolder });
    const id = fake.fault({ match: { call: 'create' }, effect: { kind: 'park', at: 'after' } });
    const calling = post(fake, movieOf('a'));
    await expect.poll(() => fake.movies().length).toBe(1);
    const [movie] = fake.movies();
    expect(movieLines(dataFolder)).toMatchObject([
      {
        event: 'accepted',
        project: movie?.project,
        key: 'a',
        createdAt: movie?.createdAt,
        status: 'pending',
      },
    ]);
    fake.release(id);
    await calling;
  });

  test('a movie whose reply was lost is on disk too; one that was never accepted is not', async () => {
    const dataFolder = join(folder, 'data');
    const fake = await startFake({
      dataFolder,
      faults: [
        { match: { key: 'a' }, effect: { kind: 'reset-after' } },
        { match: { key: 'b' }, effect: { kind: 'reset-before' } },
      ],
    });
    await failureOf(post(fake, movieOf('a')));
    await failureOf(post(fake, movieOf('b')));
    expect(movieLines(dataFolder)).toMatchObject([{ event: 'accepted', key: 'a' }]);
  });

  test('the end, the callbacks and the deletion follow', async () => {
    const dataFolder = join(folder, 'data');
    const [fake, receiver] = [await startFake({ dataFolder }), await startReceiver()];
    const project = await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
    fake.advance(60);
    await expect.poll(() => fake.movies()[0]?.webhooks.length).toBe(1);
    await call(fake, `/v2/movies?project=${project}`, { method: 'DELETE' });
    expect(movieLines(dataFolder)).toMatchObject([
      { event: 'accepted', project },
      { event: 'ended', project, key: 'a', status: 'done', credits: 5 },
      { event: 'webhook', project, url: receiver.url, status: 200, stage: 'end', isLast: true },
      { event: 'exported', project },
      { event: 'deleted', project, deletedAt: expect.stringMatching(/^2026/) },
    ]);
  });
});

describe('the journal file', () => {
  test('every request is a line, also one that was never answered', async () => {
    const journalFile = join(folder, 'journal');
    const fake = await startFake({ journalFile });
    fake.fault({ match: { call: 'create', nth: 2 }, effect: { kind: 'reset-before' } });
    await submit(fake);
    await failureOf(post(fake, movieOf('b')));
    const second = { seq: 2, key: 'b', status: null, accepted: false, fault: 'fault-1' };
    await expect
      .poll(() => lines(journalFile))
      .toMatchObject([{ seq: 1, call: 'create', key: 'a', status: 200, accepted: true }, second]);
  });
});

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('closing', () => {
  test('it cuts hanging calls, drops pending renders, leaves no timer, and may be repeated', async () => {
    const before = timers();
    const fake = await startFake({ faults: [{ match: { nth: 2 }, effect: { kind: 'hang-after' } }] });
    await submit(fake);
    const hanging = failureOf(post(fake, movieOf('b')));
    await expect.poll(() => fake.movies().length).toBe(2);
    await fake.close();
    await fake.close();
    expect(await hanging).toBe('ECONNRESET');
    expect(await failureOf(call(fake, '/v2/movies'))).toBe('ECONNREFUSED');
    expect(timers()).toBeLessThanOrEqual(before);
  });

  test('an unusable switch is refused at once, and leaves neither a timer nor an open file', async () => {
    const before = timers();
    const dataFolder = join(folder, 'data');
    const first = await startFake({ dataFolder });
    await submit(first);
    await first.close();
    const switches: object = { badKey: 200 };
    await expect(startFake({ dataFolder, switches })).rejects.toThrow('badKey');
    expect(timers()).toBeLessThanOrEqual(before);
  });

  test('an unusable option is refused at once', async () => {
    await expect(startFake({ timeScale: 0 })).rejects.toThrow('timeScale');
    await expect(startFake({ startAt: 'soon' })).rejects.toThrow('startAt');
    const fake = await startFake({ startAt: Date.parse(START) });
    expect(new Date(fake.now()).toISOString()).toMatch(/^2026-11-15T12:00:0/);
  });
});

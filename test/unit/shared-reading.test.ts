import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';
import { createFindMovie } from '../../src/activities/find-movie.js';
import { ListLag } from '../../src/activities/list-lag.js';
import { SharedReading } from '../../src/activities/shared-reading.js';
import { type MovieReply, movieReply } from '../../src/json2video/movie-reply.js';
import { Gate } from '../support/provider-setups.js';
import { ScriptedProvider } from '../support/scripted-provider.js';

const client = new Client({ connection: Connection.lazy() });
const lag = new ListLag(() => 0);
const page = (...projects: string[]): readonly MovieReply[] =>
  projects.map((project) => movieReply.parse({ project }));

/** A list whose readings wait after their first page until they are let go on. */
class SlowList {
  readonly readings: { readonly since: Date; readonly gate: Gate }[] = [];
  fault: Error | undefined;

  async *list(since: Date): AsyncGenerator<readonly MovieReply[]> {
    const gate = new Gate();
    this.readings.push({ since, gate });
    const { length } = this.readings;
    yield page(`first of reading ${length}`);
    await gate.opened;
    if (this.fault !== undefined) throw this.fault;
    yield page(`last of reading ${length}`);
  }
}

/** A look that notes what it is shown. */
function look(
  reading: SharedReading,
  since = 0,
): { readonly shown: string[]; readonly ended: Promise<void> } {
  const shown: string[] = [];
  const onPage = (movies: readonly MovieReply[]): void =>
    void shown.push(...movies.map(({ project }) => project ?? ''));
  return { shown, ended: reading.read({ since: new Date(since), onPage }) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('one reading serves all looks that were due before it began, back to the earliest of their times', async () => {
  const list = new SlowList();
  const reading = new SharedReading(list, lag);
  const first = look(reading);
  const waiting = [3_000, 1_000, 2_000].map((since) => look(reading, since));
  await settled();
  expect(list.readings).toHaveLength(1);
  list.readings[0]?.gate.open();
  await first.ended;
  await settled();

  expect(list.readings.map(({ since }) => since.getTime())).toEqual([0, 1_000]);
  list.readings[1]?.gate.open();
  await Promise.all(waiting.map(({ ended }) => ended));
  for (const { shown } of waiting) expect(shown).toEqual(['first of reading 2', 'last of reading 2']);
  expect(list.readings).toHaveLength(2);
});

test('a reading that began before a look was due shows the look nothing', async () => {
  const list = new SlowList();
  const reading = new SharedReading(list, lag);
  const first = look(reading);
  await settled();
  const late = look(reading);
  list.readings[0]?.gate.open();
  await first.ended;
  await settled();

  expect(first.shown).toEqual(['first of reading 1', 'last of reading 1']);
  expect(late.shown).toEqual(['first of reading 2']);
  list.readings[1]?.gate.open();
  await late.ended;
});

test('a reading that breaks off fails each of its looks, and the next look reads again', async () => {
  const list = new SlowList();
  const reading = new SharedReading(list, lag);
  const before = look(reading);
  const both = [look(reading), look(reading)];
  await settled();
  list.readings[0]?.gate.open();
  await before.ended;
  await settled();
  list.fault = new Error('HTTP 502');
  list.readings[1]?.gate.open();
  const ends = await Promise.allSettled(both.map(({ ended }) => ended));
  expect(ends).toMatchObject([{ reason: list.fault }, { reason: list.fault }]);

  list.fault = undefined;
  const next = look(reading);
  await settled();
  list.readings[2]?.gate.open();
  await next.ended;
  expect(next.shown).toEqual(['first of reading 3', 'last of reading 3']);
});

test('a look that is cancelled while it waits for a reading leaves the other looks their reading', async () => {
  const provider = new ScriptedProvider();
  const list = new SlowList();
  provider.list = (since) => list.list(since);
  const findMovie = createFindMovie(
    { json2video: provider, now: Date.now, monotonicNow: () => 0 },
    new ListLag(() => 0),
  );
  const request = {
    since: new Date().toISOString(),
    fingerprint: 'f'.repeat(64),
    settledAt: new Date().toISOString(),
  };
  const looks = [1, 2, 3].map((number) => {
    const env = new MockActivityEnvironment(
      { workflowExecution: { workflowId: `key-${number}`, runId: 'run' } },
      { client },
    );
    return { env, ended: env.run(findMovie, request) };
  });
  await settled();
  looks[1]?.env.cancel('CANCELLED');
  list.readings[0]?.gate.open();
  await looks[0]?.ended;
  await settled();
  list.readings[1]?.gate.open();

  expect(await looks[2]?.ended).toMatchObject({ scanned: 2 });
  await Promise.allSettled(looks.map(({ ended }) => ended));
  expect(list.readings).toHaveLength(2);
});

test('a page that was read is garbage before the next but one is read: memory holds no list', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const alive: number[] = [];
  async function* pages(): AsyncGenerator<readonly MovieReply[]> {
    const refs: WeakRef<readonly MovieReply[]>[] = [];
    for (let number = 0; number < 10; number += 1) {
      await settled();
      collect();
      alive.push(refs.filter((ref) => ref.deref() !== undefined).length);
      yield remembered(refs, page(`P${number}`));
    }
  }
  const reading = new SharedReading({ list: pages }, lag);
  const looks = Array.from({ length: 5 }, () => look(reading));
  await Promise.all(looks.map(({ ended }) => ended));

  expect(alive.length).toBeGreaterThanOrEqual(10);
  expect(Math.max(...alive)).toBeLessThanOrEqual(1);
});

function remembered<T extends object>(refs: WeakRef<T>[], value: T): T {
  refs.push(new WeakRef(value));
  return value;
}

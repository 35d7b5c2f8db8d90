import { beforeEach, expect, test } from 'vitest';
import { ListLag } from '../../src/activities/list-lag.js';
import { type MovieReply, movieReply } from '../../src/json2video/movie-reply.js';

let nowMs = 0;
let seconds: number[] = [];
let lag: ListLag;
beforeEach(() => {
  nowMs = 1_000_000;
  seconds = [];
  lag = new ListLag(
    () => nowMs,
    (observed) => void seconds.push(observed),
  );
});

const pass = (s: number): void => void (nowMs += s * 1_000);

/** A list whose pages take a second each. */
async function* pagesOf(...pages: readonly string[][]): AsyncGenerator<readonly MovieReply[]> {
  for (const projects of pages) {
    pass(1);
    yield projects.map((project) => movieReply.parse({ project }));
  }
}

async function read(...pages: readonly string[][]): Promise<void> {
  for await (const _ of lag.watch(pagesOf(...pages))) continue;
}

test('the lag of a project is the time from its acceptance to the page that shows it, measured once', async () => {
  lag.accepted('P');
  pass(4);
  await read(['other'], ['P']);
  await read(['P']);
  expect(seconds).toEqual([6]);
});

test('a project that a reading misses is measured when the next one shows it', async () => {
  lag.accepted('P');
  pass(300);
  await read(['other']);
  pass(30);
  await read(['P']);
  expect(seconds).toEqual([332]);
});

test('if the next reading comes late, the lag is at least the time of the one that missed it', async () => {
  lag.accepted('P');
  pass(300);
  await read(['other']);
  pass(3_600);
  await read(['P']);
  expect(seconds).toEqual([300]);
});

test('a project whose first reading comes late says nothing about the lag', async () => {
  lag.accepted('P');
  pass(70);
  await read(['P']);
  expect(seconds).toEqual([]);
});

test('a reading that began before the acceptance misses nothing', async () => {
  const reading = lag.watch(pagesOf(['a'], ['b']));
  const first = reading[Symbol.asyncIterator]();
  await first.next();
  lag.accepted('P');
  while ((await first.next()).done !== true) continue;
  pass(700);
  await read(['P']);
  expect(seconds).toEqual([]);
});

test('memory is bounded: the oldest of more than 1,000 projects is dropped, and one that is never listed after a day', async () => {
  for (let index = 0; index <= 1_000; index += 1) lag.accepted(`P${index}`);
  await read(['P0', 'P1']);
  expect(seconds).toHaveLength(1);
  pass(90_000);
  await read([]);
  await read(['P2']);
  expect(seconds).toHaveLength(1);
});

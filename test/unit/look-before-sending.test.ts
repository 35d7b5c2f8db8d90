import { expect, test } from 'vitest';
import { IndexLags, lookBeforeSending } from '../../src/activities/look-before-sending.js';

const RESTORED = '2026-11-29T04:00:00.000Z';
const LATER = '2026-11-29T05:00:00.000Z';
const EARLIER = '2026-11-29T03:00:00.000Z';
const index = { acceptedBy: async () => [], runsOf: async () => [] };

const SENDER = {
  key: 'k',
  runId: 'r',
  firstRunId: 'r',
  startedAtMs: 0,
  after: undefined,
  account: 'a',
  deadlineMs: Infinity,
};

type Sender = Parameters<typeof lookBeforeSending>[0];

const lookOf = (looked: Sender['looked'], restoredTo: string = RESTORED) =>
  lookBeforeSending({ ...SENDER, looked }, index, restoredTo);

const PROVEN = { runId: 'r', at: LATER, isProven: true, restoredTo: RESTORED };

test.each([
  ['a proven look of this restore', PROVEN],
  ['the same time in another form', { ...PROVEN, restoredTo: '2026-11-29T05:00:00+01:00' }],
  ["a person's decision after such a look", { ...PROVEN, isProven: false, byPerson: true }],
])('on a restored engine a run sends after %s', async (_what, looked) => {
  expect(await lookOf(looked)).toBeUndefined();
});

test.each([
  ['no look', undefined],
  ['a look without proof', { ...PROVEN, isProven: false }],
  ['a look of another run', { ...PROVEN, runId: 'other' }],
  [
    'a look of before the restore, of a worker without the variable',
    { runId: 'r', at: LATER, isProven: true },
  ],
  ['a look of a worker with the time of another restore', { ...PROVEN, restoredTo: EARLIER }],
  ["a person's decision before the restore", { runId: 'r', at: LATER, byPerson: true }],
  ['a look with the same value from before that time', { ...PROVEN, at: EARLIER }],
])('on a restored engine a run looks first after %s', async (_what, looked) => {
  expect(await lookOf(looked)).toEqual({ since: RESTORED, account: 'a', marksSuffice: true });
});

test('without the variable a look of a worker that had it counts', async () => {
  expect(await lookBeforeSending({ ...SENDER, looked: PROVEN }, index, undefined)).toBeUndefined();
});

test('on a restored engine the look reaches back to the runs that the caller had not seen, and is about their accounts', async () => {
  const runs = [
    { runId: 'decided', startedAtMs: 1_000, endedFromOutside: false },
    { runId: 'unseen', startedAtMs: 2_000, endedFromOutside: true },
    { runId: 'r', startedAtMs: 3_000, endedFromOutside: false },
  ];
  const seen = { ...index, runsOf: async () => runs };
  const sender = { ...SENDER, after: 'decided', looked: undefined };
  expect(await lookBeforeSending(sender, seen, RESTORED)).toEqual({
    since: '1970-01-01T00:00:02Z',
    account: 'unknown',
    marksSuffice: true,
  });
});

test("an index that does not show the run lags: the run's own deadline ends the wait, before it cuts a call off", async () => {
  let lastCallMs = 0;
  const lagging = {
    ...index,
    runsOf: async () => {
      lastCallMs = Date.now();
      return [];
    },
  };
  const deadlineMs = Date.now() + 1_000;
  const sender = { ...SENDER, after: 'decided', looked: undefined, deadlineMs };
  await expect(lookBeforeSending(sender, lagging, undefined)).rejects.toThrow(IndexLags);
  expect(lastCallMs).toBeLessThan(deadlineMs);
});

import { expect, test } from 'vitest';
import type { CellKey } from './aim.js';
import { type AcceptedMovie } from './ledger.js';
import { naiveKeyOf } from './naive-keys.js';
import type { RunResult } from './play.js';
import { paidLine, plotPaid, plotTimes } from './plots.js';
import type { Cell } from './run-cell.js';
import { Tally } from './tally.js';

const CELL: Cell = { kind: 'crash', point: 'accepted, reply not read', mode: 'kill', cases: [] };
const KEY: CellKey = { key: 'k', wait: 'poll', outcome: 'lost', resubmissions: 0 };

function resultOf(accepted: readonly AcceptedMovie[], told: string, atMs: number): RunResult {
  const answers = [{ key: 'k', told, project: 'p1', atMs }];
  return {
    observed: [{ key: KEY, accepted, answers, wasUnknown: true }],
    fired: { 'accepted, reply not read kill': ['k'] },
    left: [],
    unexpected: [],
    struckAtMs: 1_000,
  };
}

const movie = (project: string): AcceptedMovie => ({ project, ended: 'done' });

test('the report adds up cells, and counts every accepted POST over one a key as a duplicate', () => {
  const tally = new Tally();
  tally.add(CELL, resultOf([movie('p1')], 'done', 3_000));
  tally.add(CELL, resultOf([movie('p1'), movie('p2')], 'done', 5_000));
  tally.add(CELL, resultOf([], 'held', 41_000));

  expect(tally.report(7, 60)).toEqual({
    seed: 7,
    minutes: 60,
    runs: 3,
    keys: 3,
    faultsFired: { 'accepted, reply not read kill': 3 },
    acceptedPosts: 3,
    duplicates: 1,
    unknowns: 3,
    held: 1,
    completedShare: 1,
    timeToKnownMs: { p50: 4_000, p99: 40_000 },
    upperBound95: 1,
    failedCells: [],
  });
});

test('the naive client meets the crash and the lost reply of a key', () => {
  expect(naiveKeyOf(CELL, KEY, 0)?.scene).toMatchObject({
    faults: [{ kind: 'reset-after' }],
    killsWorker: true,
  });
});

test('a client that pays once for every key lies on the diagonal, one that pays twice leaves it', () => {
  expect(paidLine('renderonce', [1, 0, 1]).at(-1)).toMatchObject({ keys: 2, posts: 2 });
  expect(paidLine('naive client', [2, 1]).at(-1)).toMatchObject({ keys: 2, posts: 3 });
});

test('the plots are SVG files that stand alone', () => {
  const plots = [plotPaid([paidLine('renderonce', [1, 1])]), plotTimes([100, 2_000])];
  for (const svg of plots) expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
});

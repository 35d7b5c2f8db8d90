import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { CellKey } from '../aim.js';
import { type AcceptedMovie } from '../ledger.js';
import { ALL_KINDS } from '../kinds.js';
import { OVER_HTTP, type RunResult } from '../play.js';
import type { Cell } from '../run-cell.js';
import { upperBound } from './bound.js';
import { keysToPlay } from './goal.js';
import { markdownOf } from './markdown.js';
import { naiveKeyOf } from './naive-keys.js';
import { outcomeOf } from './outcome.js';
import { type Piece, PROOF, readPieces, writePiece } from './piece.js';
import { paidLine, plotPaid, plotTimes } from './plots.js';
import { Tally } from './tally.js';

const CELL: Cell = { kind: 'crash', point: 'accepted, reply not read', mode: 'kill', cases: [] };
const KEY: CellKey = { key: 'k', wait: 'poll', outcome: 'lost', resubmissions: 0 };
const FAULT = 'accepted, reply not read kill';

function resultOf(accepted: readonly AcceptedMovie[], told: string, atMs: number): RunResult {
  const answers = [{ key: 'k', told, project: 'p1', atMs }];
  return {
    observed: [{ key: KEY, accepted, answers, wasUnknown: true }],
    fired: { [FAULT]: ['k'] },
    left: [],
    unexpected: [],
    struckAtMs: 1_000,
  };
}

const movie = (project: string): AcceptedMovie => ({ project, ended: 'done' });
const ABOUT = {
  seed: 7,
  version: { package: '0.1.0', commit: 'abc' },
  machine: { cores: 2, cpu: 'a processor', memoryGb: 8, node: 'v22.0.0', os: 'Linux 6' },
  startedAt: '2026-12-01T10:00:00.000Z',
  minutes: 60,
};

function played(...results: readonly RunResult[]): Piece {
  const tally = new Tally();
  for (const result of results) tally.add(outcomeOf(CELL, result));
  return tally.piece(ABOUT, [1, 2]);
}

test('a piece adds up cells: trials, faults and violations of each promise', () => {
  const twice = resultOf([movie('p1'), movie('p2')], 'done', 5_000);
  const piece = played(
    resultOf([movie('p1')], 'done', 3_000),
    { ...twice, fired: { [FAULT]: ['k'], [OVER_HTTP]: ['k'] }, left: ['worker 1', 'worker 2'] },
    resultOf([], 'held', 41_000),
  );

  const faults = { [FAULT]: 3 };
  expect(piece).toEqual({
    ...ABOUT,
    cells: 3,
    keys: 3,
    paidKeys: 2,
    acceptedPosts: 3,
    inDoubt: 3,
    held: 1,
    promises: {
      paid: { trials: 3, violations: 1, faults },
      ended: { trials: 3, violations: 0, faults },
      told: { trials: 3, violations: 0, faults },
      server: { trials: 1, violations: 1, faults: { [FAULT]: 1 } },
      clean: { trials: 3, violations: 1, faults },
    },
    failedCells: [],
    timesToKnown: { keys: 3, ms: [2_000, 4_000, 40_000] },
    naive: {
      keys: 2,
      line: [
        [0, 0],
        [1, 1],
        [2, 3],
      ],
    },
  });
});

test('a fault of HTTP that did not happen is no trial of its class', () => {
  const result = {
    ...resultOf([movie('p1')], 'done', 3_000),
    unexpected: [{ rule: 'class', key: 'k', what: 'wrong' }] as const,
  };
  const http: Cell = { kind: 'http', call: 'create' };
  const missed = outcomeOf(http, { ...result, fired: { 'create: 408': [] } });
  const met = outcomeOf(http, { ...result, fired: { 'create: 408': ['k'] } });

  expect(missed.promises.class).toEqual({ trials: 0, violations: 0, faults: {} });
  expect(met.promises.class).toEqual({ trials: 1, violations: 1, faults: { 'create: 408': 1 } });
});

test.each([
  [0, 1_799, 1 - 0.05 ** (1 / 1_799)],
  [0, 30_000, 9.986e-5],
  // Tables of the interval: the upper ends for one and two of twenty, and for one of a hundred.
  [1, 20, 0.21611],
  [2, 20, 0.28262],
  [1, 100, 0.04656],
  [20, 20, 1],
  [0, 0, 1],
])('of %d violations in %d trials the bound is %d', (violations, trials, bound) => {
  expect(upperBound(violations, trials)).toBeCloseTo(bound, 5);
});

test('the report has a row for each promise that was tried, and names every piece', () => {
  const result = resultOf([movie('p1')], 'done', 3_000);
  const unknown: Piece = { ...played(result), machine: 'unknown', startedAt: '2026-11-30', seed: 1 };
  const report = markdownOf([unknown, played(result)]);

  expect(report).toContain(
    '| a key is paid for at most once, unless a person consents to more | 2 keys | accepted, reply not read kill: 2 | 0 | 0.78 |',
  );
  expect(report).toContain('| nothing stays behind: no process and no worker that does not end | 2 cells |');
  expect(report).not.toContain('over the HTTP server |');
  expect(report).toContain('| 2026-11-30-1 | 0.1.0, abc | unknown | 1 | 1 | 60 | 0 |');
  expect(report).toContain(
    '| 2026-12-01-7 | 0.1.0, abc | 2 cores, a processor, 8 GB, Node v22.0.0, Linux 6 | 1 |',
  );
  expect(report).toContain('\n| accepted, reply not read kill | 2 |\n');
});

test('the report counts the kinds of fault that have struck fewer than 30 keys, and lists all, the rarest first', () => {
  const piece = played(resultOf([movie('p1')], 'done', 3_000));
  const struck = (faults: Record<string, number>): string =>
    markdownOf([{ ...piece, promises: { paid: { trials: 1, violations: 0, faults } } }]);
  const all = Object.fromEntries(ALL_KINDS.map((kind) => [kind, 30]));
  const { 'list: 408': _, ...others } = all;

  expect(struck(all)).toContain(
    `${ALL_KINDS.length} kinds of fault are drawn. Each has struck at least 30 keys.`,
  );
  expect(struck({ ...others, [FAULT]: 29 })).toContain(
    `${ALL_KINDS.length - 2} have struck at least 30 keys, 1 fewer, 1 none yet. The rarest come first.\n\n| fault | keys |\n| --- | --- |\n| list: 408 | 0 |\n| ${FAULT} | 29 |\n`,
  );
});

test('a proof that goes on plays what all pieces together lack, and no seed twice', () => {
  const pieces = [played(resultOf([movie('p1')], 'done', 3_000))];

  expect(keysToPlay({ seed: 8, keys: 100, resume: true }, pieces)).toBe(99);
  expect(keysToPlay({ seed: 8, resume: true }, pieces)).toBe(29_999);
  expect(keysToPlay({ seed: 8, keys: 1, resume: true }, pieces)).toBe(0);
  expect(keysToPlay({ seed: 8, keys: 100, resume: false }, pieces)).toBe(100);
  expect(keysToPlay({ seed: 8, resume: false }, pieces)).toBe(Infinity);
  expect(keysToPlay({ seed: 7, resume: true }, pieces)).toMatch(
    /^seed 7 has its piece already: 2026-12-01-7/,
  );
});

test('the published report is that of the published pieces', () => {
  expect(readFileSync(`${PROOF}report.md`, 'utf8')).toBe(markdownOf(readPieces()));
});

test('a piece is read as it was written, and what is no piece is refused by its name', () => {
  const folder = `${mkdtempSync(join(tmpdir(), 'renderonce-pieces-'))}/`;
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const piece = played(resultOf([movie('p1')], 'done', 3_000));
  writePiece(piece, folder);

  expect(readdirSync(folder)).toEqual(['2026-12-01-7.json']);
  expect(readPieces(folder)).toEqual([piece]);
  writeFileSync(`${folder}2026-12-02-8.json`, '{"seed":8}');
  expect(() => readPieces(folder)).toThrow(/2026-12-02-8\.json is no piece of a proof: .*keys/s);
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
  const times = [
    { ms: 100, keys: 1 },
    { ms: 2_000, keys: 3 },
  ];
  for (const svg of [plotPaid([paidLine('renderonce', [1, 1])]), plotTimes(times)])
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
});

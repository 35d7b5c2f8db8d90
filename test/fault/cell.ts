import type { Random } from '../support/random.js';
import { pick, shuffled } from '../support/random.js';

/** Where a process is struck; `look` has two sides, so that the sixteen points have seventeen names. */
export const POINTS = [
  'start accepted, reply lost',
  'before the first task',
  'before a look',
  'after a look',
  'before the fence',
  'fence passed',
  'bytes partly sent',
  'sent, not accepted',
  'accepted, reply not read',
  'reply read, not returned',
  'returned, not recorded',
  'completion recorded',
  'poll waiting',
  'hint recorded',
  'poll in flight',
  'poll reply read',
  'result computed',
] as const;
export type PointName = (typeof POINTS)[number];

/** SIGKILL; SIGTERM and SIGKILL before it can have finished; SIGSTOP until the engine has given up, then SIGCONT. */
export const MODES = ['kill', 'term', 'stop'] as const;
export type Mode = (typeof MODES)[number];
export const SIGNALS = { kill: 'SIGKILL', term: 'SIGTERM', stop: 'SIGSTOP' } as const;

/** `both`: a forged report makes the polls frequent beside the webhook. */
export const WAITS = ['poll', 'webhook', 'both'] as const;
/** `lost`: the movie is accepted, and its sender does not get to know. */
export const OUTCOMES = ['done', 'error', 'lost'] as const;

/** What one key of a cell meets beside the crash. */
export interface Case {
  readonly wait: (typeof WAITS)[number];
  readonly outcome: (typeof OUTCOMES)[number];
  readonly resubmissions: 0 | 1;
}

/** A second crash strikes the worker that has taken over; nobody waits until the engine has given that one up, too. */
export interface Second {
  readonly point: Exclude<PointName, 'start accepted, reply lost'>;
  readonly mode: Exclude<Mode, 'stop'>;
}

/** One crash, of all of its keys at once; with `second`, another one during the recovery from it. */
export interface CrashCell {
  readonly point: PointName;
  readonly mode: Mode;
  readonly cases: readonly Case[];
  readonly second?: Second;
  /** Callers ask an HTTP server; the library by default. */
  readonly via?: 'http';
}

/** All eighteen. */
export const CASES: readonly Case[] = WAITS.flatMap((wait) =>
  OUTCOMES.flatMap((outcome) => ([0, 1] as const).map((resubmissions) => ({ wait, outcome, resubmissions }))),
);

export function nameOfCrash({ point, mode, second, cases, via }: CrashCell): string {
  const again = second === undefined ? '' : `, then ${second.point} ${second.mode}`;
  return `${point} ${mode}${again}, ${cases.length} keys${via === 'http' ? ', over HTTP' : ''}`;
}

/** So many cases, of every wait and outcome at least one; none for the second time before all were drawn once. */
export function drawCases(random: Random, count: number): readonly Case[] {
  const outcomes = shuffled(random, OUTCOMES);
  const latin = shuffled(random, WAITS).map((wait, index) => ({
    wait,
    outcome: outcomes[index] ?? 'done',
    resubmissions: pick(random, [0, 1] as const),
  }));
  const left = Math.max(0, count - latin.length);
  const rounds = Array.from({ length: Math.ceil(left / CASES.length) }, () => shuffled(random, CASES));
  return [...latin, ...rounds.flat().slice(0, left)];
}

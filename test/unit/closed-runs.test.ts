import { describe, expect, test } from 'vitest';
import { MovieRejected, RenderAbandoned, RenderCancelled, RenderonceError } from '../../src/render/errors.js';
import type { Outcome } from '../../src/render/outcome.js';
import type { CurrentRun } from '../../src/temporal/current-run.js';
import { reactionTo } from '../../src/starter/closed-runs.js';
import { prepareCall } from '../../src/starter/prepare.js';

const KEY = 'order-12345';
const STARTED_MS = Date.parse('2026-11-24T10:00:00.000Z');
const OTHER_FINGERPRINT = '0'.repeat(64);
const CALL = prepareCall(KEY, { scenes: [] }, {});
const RESTART = prepareCall(KEY, { scenes: [] }, { restart: true });

/** A run that closed so many milliseconds before the call (negative: during it). */
const run = (
  status: CurrentRun['status'],
  closedBeforeMs: number,
  more: Partial<CurrentRun> = {},
): CurrentRun => ({
  runId: 'run-1',
  status,
  state: 'submitting',
  startedAt: new Date(STARTED_MS - 3_600_000),
  closedAt: new Date(STARTED_MS - closedBeforeMs),
  historyLength: 9,
  taskQueue: 'renderonce',
  fingerprint: CALL.fingerprint,
  pending: [],
  ...more,
});

type RunResult = Parameters<typeof reactionTo>[2];
type Reaction = ReturnType<typeof reactionTo>;
const failed = (failure: string, more: object = {}): RunResult => ({
  failure,
  message: 'Insufficient credits',
  caller: 'another call',
  ...more,
});
const REJECTED = failed('MovieRejected', { httpStatus: 400 });
const CANCELED = failed('CancelledFailure', { message: 'Workflow canceled' });
/** The reaction of a call, as long after its start as it says. */
const react = (current: CurrentRun, end: RunResult, afterMs: number = 0, call = CALL): Reaction =>
  reactionTo({ key: KEY, call }, current, end, STARTED_MS + afterMs);

/** The reaction of a call that has seen the run while it was open. */
const reactJoined = (current: CurrentRun, end: RunResult, afterMs: number = 0, call = CALL): Reaction =>
  reactionTo({ key: KEY, call, sightings: { hasJoined: () => true } }, current, end, STARTED_MS + afterMs);

/** The reaction of a call that only waits for the result. */
const reactOfResult = (current: CurrentRun, end: RunResult): Reaction =>
  reactionTo({ key: KEY }, current, end, STARTED_MS);

const thrown = (reaction: Reaction): unknown => (reaction.do === 'throw' ? reaction.error : reaction);
const projectOf = (error: unknown): unknown => error instanceof RenderonceError && error.project;

describe('completed: answer', () => {
  const outcome = {
    status: 'failed',
    message: 'no source',
    project: 'p1',
    fingerprint: CALL.fingerprint,
  } as Outcome;

  test.each([CALL.fingerprint, OTHER_FINGERPRINT, undefined])(
    'with the outcome, whatever fingerprint the memo has (%s)',
    (fingerprint) => {
      const { fingerprint: _mine, ...rest } = run('completed', 86_400_000);
      const current = fingerprint === undefined ? rest : { ...rest, fingerprint };
      expect(react(current, { outcome })).toEqual({ do: 'answer', outcome });
      expect(react(current, { outcome }, 0, RESTART)).toEqual({ do: 'answer', outcome });
      expect(reactOfResult(current, { outcome })).toEqual({ do: 'answer', outcome });
    },
  );

  test('an outcome of another movie refuses the key, with its project, except to a call for the result', () => {
    const other = { outcome: { ...outcome, fingerprint: OTHER_FINGERPRINT } };
    const current = run('completed', 86_400_000);
    expect(react(current, other)).toMatchObject({ do: 'refuse', project: 'p1' });
    expect(react(current, other, 0, RESTART)).toMatchObject({ do: 'refuse', project: 'p1' });
    expect(reactOfResult(current, other)).toEqual({ do: 'answer', ...other });
  });
});

describe('failed `MovieRejected` with my fingerprint, closed less than 60 s ago, or in this very call: throw it', () => {
  test.each([
    ['closed a moment before the call', 1, 0],
    ['closed 59.999 s ago', 59_999, 0],
  ])('a run that %s is shared with its message and status', (_, closedBeforeMs, afterMs) => {
    const error = thrown(react(run('failed', closedBeforeMs), REJECTED, afterMs));
    expect(error).toBeInstanceOf(MovieRejected);
    expect(error).toMatchObject({ message: 'Insufficient credits', httpStatus: 400, key: KEY });
  });

  test('a run that this very call started is thrown however late the call decides', () => {
    const end = { ...REJECTED, caller: CALL.caller };
    expect(thrown(react(run('failed', 1), end, 3_600_000))).toBeInstanceOf(MovieRejected);
  });

  test.each([1, -1, 3_600_000, -3_600_000])(
    'a run that this call has joined is thrown whatever the clocks say: closed %i ms before the call',
    (closedBeforeMs) => {
      const reaction = reactJoined(run('failed', closedBeforeMs), REJECTED, 7_200_000);
      expect(thrown(reaction)).toBeInstanceOf(MovieRejected);
    },
  );

  test('a run whose close the engine does not tell counts as closed now', () => {
    const { closedAt: _closedAt, ...current } = run('failed', 0);
    expect(thrown(react(current, REJECTED, 3_600_000))).toBeInstanceOf(MovieRejected);
  });
});

describe('failed `MovieRejected` otherwise, or canceled: start again, without doubt about what was sent', () => {
  test.each([
    ['rejected 60 s ago', run('failed', 60_000), REJECTED, 0],
    ['rejected 30 s before the call, which decides 30 s later', run('failed', 30_000), REJECTED, 30_000],
    ['rejected a day ago', run('failed', 86_400_000), REJECTED, 0],
    [
      'rejected with another movie, a moment ago',
      run('failed', 1, { fingerprint: OTHER_FINGERPRINT }),
      REJECTED,
      0,
    ],
    [
      'rejected with another movie, in this very call',
      run('failed', -1, { fingerprint: OTHER_FINGERPRINT }),
      REJECTED,
      2,
    ],
    ['canceled a moment before the call', run('canceled', 1), CANCELED, 0],
    ['canceled a day ago', run('canceled', 86_400_000), CANCELED, 0],
    [
      'canceled before with another movie',
      run('canceled', 1, { fingerprint: OTHER_FINGERPRINT }),
      CANCELED,
      0,
    ],
  ])('a run that was %s leaves the key free', (_, current, end, afterMs) => {
    expect(react(current, end, afterMs)).toMatchObject({ do: 'start again', inDoubt: false });
    expect(react(current, end, afterMs, RESTART)).toMatchObject({ do: 'start again', inDoubt: false });
  });
});

describe('canceled in this very call: throw `RenderCancelled`', () => {
  test('a run that this call had started, as the failure of its update says', () => {
    const asking = { key: KEY, call: CALL, startedBy: CALL.caller };
    const reaction = reactionTo(
      asking,
      run('canceled', 1),
      { failure: 'CancelledFailure', message: '' },
      STARTED_MS,
    );
    expect(thrown(reaction)).toBeInstanceOf(RenderCancelled);
  });

  test.each([0, -1, -60_000, 300_000])(
    'a run that this call has joined, whatever the clocks say: closed %i ms before the call began',
    (closedBeforeMs) => {
      const error = thrown(reactJoined(run('canceled', closedBeforeMs), CANCELED, 120_000));
      expect(error).toBeInstanceOf(RenderCancelled);
      expect(error).toMatchObject({ key: KEY });
      expect(projectOf(error)).toBeUndefined();
    },
  );
});

describe('`RenderAbandoned`, terminated, timed out: throw `RenderAbandoned`, which says which', () => {
  const GIVEN_UP = failed('RenderAbandoned', { message: 'given up by ada: duplicate order' });
  const ENDED = failed('TerminatedFailure', { message: 'Workflow execution terminated' });
  const doubts = [
    ['abandoned', run('failed', 1, { project: 'p1' }), GIVEN_UP, /given up by ada: duplicate order/],
    ['abandoned long ago', run('failed', 86_400_000), GIVEN_UP, /given up by ada/],
    ['terminated', run('terminated', 1), ENDED, /terminated/],
    ['timed out', run('timed out', 1), failed('TimeoutFailure', { message: 'timed out' }), /timed out/],
    ['failed in a way nobody knows', run('failed', 1), failed('TypeError', { message: 'a bug' }), /a bug/],
    ['terminated in this very call', run('terminated', -1), ENDED, /terminated/],
  ] as const;

  test.each(doubts)('a run that %s is a person’s affair', (_, current, end, words) => {
    const error = thrown(react(current, end, 5));
    expect(error).toBeInstanceOf(RenderAbandoned);
    expect(error).toHaveProperty('message', expect.stringMatching(words));
    expect(error).toHaveProperty('key', KEY);
  });

  test('the project is named where it is known', () => {
    const error = thrown(react(run('terminated', 1, { project: 'JkGxEoPRF9EgRb32' }), ENDED));
    expect(projectOf(error)).toBe('JkGxEoPRF9EgRb32');
    expect(projectOf(thrown(react(run('terminated', 1), ENDED)))).toBeUndefined();
  });

  test.each(doubts)(
    'with `restart: true` a run that %s is started again, in doubt about what was sent',
    (_, current, end) => {
      expect(react(current, end, 5, RESTART)).toMatchObject({ do: 'start again', inDoubt: true });
      expect(thrown(reactJoined(current, end, 5, RESTART))).toBeInstanceOf(RenderAbandoned);
    },
  );
});

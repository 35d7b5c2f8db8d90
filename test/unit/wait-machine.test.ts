import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reading } from '../../src/render/reading.js';
import { NOT_ACCEPTED, stepWait, type WaitEvent } from '../../src/render/wait-machine.js';
import { SAYS, VIDEO } from './readings.js';
import type { Rule } from './wait-rules.js';
import { type StepWait, WaitSimulator } from './wait-simulator.js';
import { BROKEN_STEPS, NEVER_BELIEVING } from './wait-broken-steps.js';

/** The commands of each event in turn, and the ending after the last. */
function play(...events: readonly WaitEvent[]) {
  let state = NOT_ACCEPTED;
  const commands = events.map((event) => {
    const step = stepWait(state, event);
    ({ state } = step);
    return step.commands.map((command) => command.do).join(', ');
  });
  return { commands, ending: state.ending };
}

const ACCEPTED = { type: 'accepted' } as const;
const HINTED = { type: 'hinted' } as const;
const TIME_IS_UP = { type: 'time is up' } as const;

describe('an accepted render', () => {
  test('is watched from acceptance on', () => {
    expect(play(ACCEPTED)).toEqual({ commands: ['watch'], ending: undefined });
  });

  test('is confirmed once however many hints come before the answer', () => {
    const done = { type: 'confirmed', reading: SAYS.done } as const;
    const { commands, ending } = play(ACCEPTED, HINTED, HINTED, HINTED, done);
    expect(commands).toEqual(['watch', 'confirm', '', '', '']);
    expect(ending).toEqual({ status: 'done', video: VIDEO });
  });

  test.each([SAYS.rendering, SAYS.timeout])(
    'that a hint announces too early (%o) is asked for often, and then further hints add nothing',
    (reading) => {
      const { commands } = play(ACCEPTED, HINTED, { type: 'confirmed', reading }, HINTED, HINTED);
      expect(commands).toEqual(['watch', 'confirm', 'check hint', '', '']);
    },
  );

  test('that did not end in the minute after a hint is confirmed at the next one', () => {
    const early = { type: 'confirmed', reading: SAYS.rendering } as const;
    const { commands } = play(ACCEPTED, HINTED, early, { type: 'hint checked' }, HINTED);
    expect(commands).toEqual(['watch', 'confirm', 'check hint', '', 'confirm']);
  });

  test('whose hint could not be confirmed is confirmed at the next one', () => {
    expect(play(ACCEPTED, HINTED, { type: 'confirmed' }, HINTED).commands).toEqual([
      'watch',
      'confirm',
      '',
      'confirm',
    ]);
  });

  test('is watched again where a check failed through no fault of its own', () => {
    expect(play(ACCEPTED, { type: 'watched' }).commands).toEqual(['watch', 'watch']);
  });

  test('in doubt is neither watched nor confirmed beside the check that decides on it', () => {
    const { commands } = play(ACCEPTED, { type: 'watched', reading: SAYS.error }, HINTED);
    expect(commands).toEqual(['watch', 'check doubt', '']);
  });

  test.each([undefined, SAYS.rendering, SAYS.timeout])(
    'is watched again when a doubt passed (%o)',
    (reading) => {
      const { commands } = play(
        ACCEPTED,
        { type: 'watched', reading: SAYS.error },
        { type: 'doubt checked', reading },
      );
      expect(commands).toEqual(['watch', 'check doubt', 'watch']);
    },
  );

  test('whose doubt becomes another one has that decided with its own grace', () => {
    const missing = { type: 'watched', reading: SAYS.missing } as const;
    const error = { type: 'doubt checked', reading: SAYS.error } as const;
    expect(play(ACCEPTED, missing, error)).toEqual({
      commands: ['watch', 'check doubt', 'check doubt'],
      ending: undefined,
    });
  });

  test.each([
    ['done', SAYS.done, { status: 'done', video: VIDEO }],
    ['an error', SAYS.error, { status: 'failed', message: SAYS.error.message }],
    [
      'a running render',
      SAYS.rendering,
      { status: 'timed-out', message: expect.stringContaining('in time') },
    ],
    ['a missing project', SAYS.missing, { status: 'timed-out', message: expect.any(String) }],
    ['nothing', undefined, { status: 'timed-out', message: expect.any(String) }],
  ])('whose time is up has one last check, and %s is its last word', (_, reading, ending) => {
    const told = play(ACCEPTED, HINTED, TIME_IS_UP, TIME_IS_UP, HINTED, { type: 'last checked', reading });
    expect(told).toEqual({ commands: ['watch', 'confirm', 'check last', '', '', ''], ending });
  });

  test('that is cancelled names what goes on at the provider', () => {
    const { commands, ending } = play(ACCEPTED, { type: 'cancelled' }, { type: 'watched' });
    expect(commands).toEqual(['watch', '', '']);
    expect(ending).toEqual({ status: 'cancelled', message: expect.stringContaining('goes on') });
  });
});

type Move = (wait: WaitSimulator) => void;

const waits = fc.constantFrom(5_000, 60_000, 600_000);
const OTHER_DONE: Reading = { says: 'done', video: { ...VIDEO, url: 'https://assets.json2video.com/2.mp4' } };

/** Of the checks that are pending one makes a request and learns what the provider says now. */
const attempts = fc.tuple(fc.nat(9), waits).map(
  ([nth, afterMs]): Move =>
    (wait) =>
      wait.attempt(wait.nth(nth), afterMs),
);
const losses = fc.nat(9).map(
  (nth): Move =>
    (wait) =>
      wait.lose(wait.nth(nth)),
);
const hints = fc.constant<Move>((wait) => wait.tell(HINTED));
const progress = fc.constant<Move>((wait) => wait.providerGoesOn());

/** The same, of a provider that may say anything at any time, as if replies overtook each other. */
const surprises = fc.tuple(fc.nat(9), waits, fc.constantFrom(...Object.values(SAYS), OTHER_DONE)).map(
  ([nth, afterMs, reading]): Move =>
    (wait) =>
      wait.attempt(wait.nth(nth), afterMs, reading),
);
const ends = fc.constantFrom<Move>(
  (wait) => wait.timeIsUp(),
  (wait) => wait.tell({ type: 'cancelled' }),
);

const sequences = fc.array(
  fc.oneof(
    { arbitrary: surprises, weight: 8 },
    { arbitrary: hints, weight: 4 },
    { arbitrary: losses, weight: 2 },
    { arbitrary: ends, weight: 1 },
  ),
  { maxLength: 40 },
);

function brokenRules(moves: readonly Move[], step: StepWait): ReadonlySet<Rule> {
  const wait = new WaitSimulator(step, [SAYS.rendering]);
  for (const move of moves) move(wait);
  return wait.broken;
}

describe('hints, readings, failed checks, cancel and deadline in any order and number', () => {
  test('break no rule', () => {
    const whole = fc.property(sequences, (moves) => {
      expect([...brokenRules(moves, stepWait)]).toEqual([]);
    });
    fc.assert(whole, { numRuns: 3_000 });
  });

  test.each(BROKEN_STEPS)('break "%s" in a machine %s', (rule, _, step) => {
    const whole = fc.property(sequences, (moves) => !brokenRules(moves, step).has(rule));
    expect(fc.check(whole, { numRuns: 3_000 })).toMatchObject({ failed: true });
  });
});

/** A provider's word that lasts, and the ending that it must lead to, whatever happened before. */
const lastWords = fc.constantFrom<readonly [Reading, string]>(
  [SAYS.done, 'done'],
  [SAYS.error, 'failed'],
  [SAYS.gone, 'failed'],
  [SAYS.missing, 'failed'],
);
const passing = fc.array(fc.constantFrom(...Object.values(SAYS).filter(({ says }) => says !== 'done')), {
  maxLength: 4,
});
const unhurried = fc.array(fc.oneof(attempts, hints, losses, progress), { maxLength: 40 });

describe('a render whose time is not up', () => {
  /** Whatever the checks learn first, and lose: the provider's last word is heard. */
  const isTrue = (step: StepWait) =>
    fc.property(passing, lastWords, unhurried, (first, [last, expected], moves) => {
      const wait = new WaitSimulator(step, [...first, last]);
      for (const move of moves) move(wait);
      const early = wait.ending;
      const ending = wait.goOn();
      // A doubt may have lasted before the provider changed its mind; that ending stays.
      expect(ending?.status).toBe(early?.status === 'failed' ? 'failed' : expected);
      expect([...wait.broken]).toEqual([]);
    });

  test('ends as the provider says in the end, with no state in which nothing goes on', () => {
    fc.assert(isTrue(stepWait), { numRuns: 1_000 });
  });

  test('and never ends in a machine that believes no doubt: caught', () => {
    expect(fc.check(isTrue(NEVER_BELIEVING))).toMatchObject({ failed: true });
  });
});

import { describe, expect, test } from 'vitest';
import { NOT_ACCEPTED, stepWait, type WaitEvent } from '../../src/render/wait-machine.js';
import { SAYS, VIDEO } from './readings.js';

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

  test.each(['rendering', 'timeout'] as const)(
    'that a hint announces too early, while it is %s, is asked for often, and then further hints add nothing',
    (says) => {
      const early = { type: 'confirmed', reading: SAYS[says] } as const;
      const { commands } = play(ACCEPTED, HINTED, early, HINTED, HINTED);
      expect(commands).toEqual(['watch', 'confirm', 'check hint', '', '']);
    },
  );

  test('that did not end in the minute after a hint is confirmed at the next one', () => {
    const early = { type: 'confirmed', reading: SAYS.rendering } as const;
    const { commands } = play(ACCEPTED, HINTED, early, { type: 'hint checked' }, HINTED);
    expect(commands).toEqual(['watch', 'confirm', 'check hint', '', 'confirm']);
  });

  test('with an unconfirmed hint is confirmed at the next one', () => {
    expect(play(ACCEPTED, HINTED, { type: 'confirmed' }, HINTED).commands).toEqual([
      'watch',
      'confirm',
      '',
      'confirm',
    ]);
  });

  test('is watched again if a check failed through no fault of the render', () => {
    expect(play(ACCEPTED, { type: 'watched' }).commands).toEqual(['watch', 'watch']);
  });

  test('suspect is neither watched nor confirmed beside the check that decides on it', () => {
    const { commands } = play(ACCEPTED, { type: 'watched', reading: SAYS.error }, HINTED);
    expect(commands).toEqual(['watch', 'check suspect', '']);
  });

  test.each([
    ['passed to rendering', SAYS.rendering],
    ['passed to timeout', SAYS.timeout],
    ['could not be decided', undefined],
  ])('is watched again when a suspect reading %s', (_, reading) => {
    const error = { type: 'watched', reading: SAYS.error } as const;
    const { commands } = play(ACCEPTED, error, { type: 'suspect checked', reading });
    expect(commands).toEqual(['watch', 'check suspect', 'watch']);
  });

  test('with a suspect reading that changes gives the new one its own grace', () => {
    const missing = { type: 'watched', reading: SAYS.missing } as const;
    const error = { type: 'suspect checked', reading: SAYS.error } as const;
    expect(play(ACCEPTED, missing, error)).toEqual({
      commands: ['watch', 'check suspect', 'check suspect'],
      ending: undefined,
    });
  });

  test.each([
    ['done', SAYS.done, { status: 'done', video: VIDEO }],
    ['an error', SAYS.error, { status: 'timed-out', message: expect.stringContaining(SAYS.error.message) }],
    [
      'a running render',
      SAYS.rendering,
      { status: 'timed-out', message: expect.stringContaining('in time') },
    ],
    ['a missing project', SAYS.missing, { status: 'timed-out', message: expect.any(String) }],
    ['nothing', undefined, { status: 'timed-out', message: expect.any(String) }],
  ])('gets one last check when time is up, and %s decides', (_, reading, ending) => {
    const told = play(ACCEPTED, HINTED, TIME_IS_UP, TIME_IS_UP, HINTED, { type: 'last checked', reading });
    expect(told).toEqual({ commands: ['watch', 'confirm', 'check last', '', '', ''], ending });
  });

  test('that is cancelled says that the provider continues', () => {
    const { commands, ending } = play(ACCEPTED, { type: 'cancelled' }, { type: 'watched' });
    expect(commands).toEqual(['watch', '', '']);
    expect(ending).toEqual({ status: 'cancelled', message: expect.stringContaining('provider continues') });
  });
});

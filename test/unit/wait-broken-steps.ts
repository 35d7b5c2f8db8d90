import { stepWait } from '../../src/render/wait-machine.js';
import type { Rule } from './wait-rules.js';
import { SAYS } from './readings.js';
import type { StepWait } from './wait-simulator.js';

/** A machine that forgets something of its state before each event of a type. */
const forgetting =
  (type: Parameters<StepWait>[1]['type'], forget: (state: Parameters<StepWait>[0]) => object): StepWait =>
  (state, event) =>
    stepWait(event.type === type ? { ...state, ...forget(state) } : state, event);

/** A machine that decides on a suspect reading again and again. */
export const NEVER_BELIEVING: StepWait = (state, event) => {
  if (event.type !== 'suspect checked' || event.reading?.says === 'done') return stepWait(state, event);
  const { suspect: _doubt, ...rest } = state;
  return stepWait(rest, { ...event, type: 'watched' });
};

/** Machines with one planted bug each, and the rule that it breaks. */
export const BROKEN_STEPS: readonly (readonly [Rule, string, StepWait])[] = [
  [
    'the first ending stays',
    'in which a later ending replaces the first',
    ({ ending, ...open }, event) => {
      const step = stepWait(open, event);
      if (ending === undefined) return step;
      return { state: { ...step.state, ending: step.state.ending ?? ending }, commands: [] };
    },
  ],
  [
    'nothing is commanded once there is an ending',
    'that answers hints after the end',
    (state, event) =>
      state.ending !== undefined && event.type === 'hinted'
        ? { state, commands: [{ do: 'confirm' }] }
        : stepWait(state, event),
  ],
  [
    'no two checks of a kind go on at once',
    'that confirms every hint',
    forgetting('hinted', () => ({ isConfirming: false })),
  ],
  [
    'no two checks of a kind go on at once',
    'that watches after every suspect reading, watched or not',
    forgetting('suspect checked', () => ({ isWatching: false })),
  ],
  [
    'no two checks of a kind go on at once',
    'that decides on every suspect reading that it hears of',
    (state, event) => {
      const { suspect, ...rest } = state;
      return event.type === 'watched' && suspect !== undefined
        ? stepWait(rest, event)
        : stepWait(state, event);
    },
  ],
  [
    'until the end a check goes on that will tell of it',
    'that stops watching when a suspect reading passed',
    (state, event) => {
      const step = stepWait(state, event);
      return event.type === 'suspect checked' ? { ...step, commands: [] } : step;
    },
  ],
  [
    'when the time is up nothing begins but the last check',
    'that asks often when a hint was early, however late it is',
    forgetting('confirmed', () => ({ isTimeUp: false })),
  ],
  [
    'when the time is up nothing begins but the last check',
    'that decides on suspect readings when the time is up',
    forgetting('watched', () => ({ isTimeUp: false })),
  ],
  [
    'done ends the wait, from any check',
    'that hears nothing but the check of a suspect reading',
    (state, event) =>
      state.suspect !== undefined && event.type === 'watched'
        ? { state: { ...state, isWatching: false }, commands: [] }
        : stepWait(state, event),
  ],
  [
    'done is an ending only if it was read',
    'that believes a hint',
    (state, event) => {
      if (event.type !== 'hinted' || state.ending !== undefined) return stepWait(state, event);
      return stepWait({ ...state, isConfirming: true }, { type: 'confirmed', reading: SAYS.done });
    },
  ],
  [
    'failed is an ending only if a suspect reading lasted',
    'that believes the first error',
    (state, event) =>
      event.type === 'watched' && event.reading?.says === 'error'
        ? stepWait({ ...state, suspect: 'error' }, { ...event, type: 'suspect checked' })
        : stepWait(state, event),
  ],
  ['a suspect reading that lasted ends the wait', 'that never believes a suspect reading', NEVER_BELIEVING],
  [
    'timed-out is an ending only after a last check',
    'that times out without a last check',
    (state, event) => stepWait(state, event.type === 'time is up' ? { type: 'last checked' } : event),
  ],
  [
    'a last check ends the wait with any reading',
    'that continues if the last check reads nothing',
    (state, event) =>
      event.type === 'last checked' && event.reading === undefined
        ? { state, commands: [{ do: 'check last' }] }
        : stepWait(state, event),
  ],
  [
    'cancelled is an ending exactly if a cancel came first',
    'that hears no cancel while it confirms',
    (state, event) =>
      event.type === 'cancelled' && state.isConfirming ? { state, commands: [] } : stepWait(state, event),
  ],
];

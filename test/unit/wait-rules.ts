import { isDeepStrictEqual } from 'node:util';
import type { Reading } from '../../src/render/reading.js';
import type { WaitCommand, WaitEvent, WaitState } from '../../src/render/wait-machine.js';
import { type Ending, endingOf, graceMs } from '../../src/render/waiting.js';

/** The errorGraceSeconds of the simulated render. */
export const ERROR_GRACE_SECONDS = 60;

/** A command that is being carried out. */
export interface Pending {
  readonly command: WaitCommand;
  readonly sinceMs: number;
  attempts: number;
}

/** One step of the machine, seen from outside. */
export interface Told {
  readonly before: WaitState;
  readonly event: WaitEvent;
  readonly after: WaitState;
  readonly commands: readonly WaitCommand[];
  /** The check that the event reports of. */
  readonly completed: Pending | undefined;
  /** Commands in progress after the step. */
  readonly pending: readonly Pending[];
  readonly nowMs: number;
}

const readingOf = ({ event }: Told): Reading | undefined => ('reading' in event ? event.reading : undefined);

/** The ending that this step made, if it made one. */
const newEnding = ({ before, after }: Told): Ending | undefined =>
  before.ending === undefined ? after.ending : undefined;

/** The reading by which a check of a suspect reading confirms that reading. */
function lasting(told: Told) {
  const reading = readingOf(told);
  const command = told.completed?.command;
  if (told.before.ending !== undefined || command?.do !== 'check suspect') return undefined;
  if (reading?.says !== 'error' && reading?.says !== 'gone' && reading?.says !== 'missing') return undefined;
  return reading.says === command.about ? reading : undefined;
}

/** Rules for every step, in any order of the events. */
export const RULES = {
  'the first ending stays': ({ before, after }) =>
    before.ending === undefined || isDeepStrictEqual(after.ending, before.ending),
  'nothing is commanded once there is an ending': ({ after, commands }) =>
    after.ending === undefined || commands.length === 0,
  'no two checks of a kind go on at once': ({ after, pending }) =>
    after.ending !== undefined || new Set(pending.map(({ command }) => command.do)).size === pending.length,
  'until the end a check goes on that will tell of it': ({ after, pending }) =>
    after.ending !== undefined ||
    pending.some(({ command }) => ['watch', 'check suspect', 'check last'].includes(command.do)),
  'when the time is up nothing begins but the last check': ({ before, commands }) =>
    !before.isTimeUp || commands.length === 0,
  'done ends the wait, from any check': (told) => {
    const reading = readingOf(told);
    const ending = { status: 'done', video: reading?.says === 'done' ? reading.video : undefined };
    return (
      reading?.says !== 'done' ||
      told.before.ending !== undefined ||
      isDeepStrictEqual(told.after.ending, ending)
    );
  },
  'done is an ending only if it was read': (told) =>
    newEnding(told)?.status !== 'done' || readingOf(told)?.says === 'done',
  'failed is an ending only if a suspect reading lasted': (told) => {
    if (newEnding(told)?.status !== 'failed') return true;
    const reading = lasting(told);
    if (reading === undefined) return false;
    const lastedMs = told.nowMs - (told.completed?.sinceMs ?? told.nowMs);
    return lastedMs >= graceMs(reading.says, ERROR_GRACE_SECONDS);
  },
  'a suspect reading that lasted ends the wait': (told) => {
    const reading = lasting(told);
    return reading === undefined || isDeepStrictEqual(told.after.ending, endingOf(reading));
  },
  'timed-out is an ending only after a last check': (told) =>
    newEnding(told)?.status !== 'timed-out' || told.event.type === 'last checked',
  'a last check ends the wait with any reading': ({ event, after }) =>
    event.type !== 'last checked' || after.ending !== undefined,
  'cancelled is an ending exactly if a cancel came first': (told) =>
    told.before.ending !== undefined ||
    (told.after.ending?.status === 'cancelled') === (told.event.type === 'cancelled'),
} as const satisfies Readonly<Record<string, (told: Told) => boolean>>;

export type Rule = keyof typeof RULES;

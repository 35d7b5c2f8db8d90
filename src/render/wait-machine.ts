import { describeReading, type Reading } from './reading.js';
import { type Suspect, type Ending, endingOf, verdictOf } from './waiting.js';

/**
 * State of the wait for an accepted render. The wait is a machine without I/O: events in, commands out. One check watches
 * from acceptance to the end; a hint adds a confirming GET; a suspect reading adds a check that decides if it lasts. In
 * any order of their reports, the first ending is the only one.
 */
export interface WaitState {
  readonly ending?: Ending;
  /** The suspect reading that a check now decides on. */
  readonly suspect?: Suspect;
  readonly isWatching: boolean;
  readonly isConfirming: boolean;
  /** True while a check asks the provider often because of a hint. */
  readonly isCheckingHint: boolean;
  readonly isTimeUp: boolean;
}

/** Report of a check; without a reading if the check ended without one. */
type Report<Type extends string> = { readonly type: Type; readonly reading?: Reading | undefined };

export type WaitEvent =
  | { readonly type: 'accepted' | 'hinted' | 'time is up' | 'cancelled' }
  | Report<'watched' | 'confirmed' | 'hint checked' | 'suspect checked' | 'last checked'>;

export type WaitCommand =
  | { readonly do: 'watch' | 'confirm' | 'check hint' | 'check last' }
  | { readonly do: 'check suspect'; readonly about: Suspect };

interface WaitStep {
  readonly state: WaitState;
  readonly commands: readonly WaitCommand[];
}

export const NOT_ACCEPTED: WaitState = {
  isWatching: false,
  isConfirming: false,
  isCheckingHint: false,
  isTimeUp: false,
};

/** Returns the state and the commands that follow an event. An ended wait stays as it is, and commands nothing. */
export function stepWait(state: WaitState, event: WaitEvent): WaitStep {
  if (state.ending !== undefined) return { state, commands: [] };
  switch (event.type) {
    case 'accepted':
      return watch(state);
    case 'hinted':
      return hinted(state);
    case 'watched':
      return watchIfIdle(heard({ ...state, isWatching: false }, event.reading));
    case 'confirmed':
      return confirmed({ ...state, isConfirming: false }, event.reading);
    case 'hint checked':
      return heard({ ...state, isCheckingHint: false }, event.reading);
    case 'suspect checked':
      return suspectChecked(state, event.reading);
    case 'time is up':
      if (state.isTimeUp) return { state, commands: [] };
      return { state: { ...state, isTimeUp: true }, commands: [{ do: 'check last' }] };
    case 'last checked':
      return ended(state, lastEnding(event.reading));
    case 'cancelled':
      return ended(state, {
        status: 'cancelled',
        message: 'cancelled while rendering; the provider continues the project',
      });
  }
}

function ended(state: WaitState, ending: Ending): WaitStep {
  return { state: { ...state, ending }, commands: [] };
}

function watch(state: WaitState): WaitStep {
  return { state: { ...state, isWatching: true }, commands: [{ do: 'watch' }] };
}

/** Adds a confirming GET, unless some check asks every 5 s already: that serves as well. */
function hinted(state: WaitState): WaitStep {
  const isAskedOften =
    state.isConfirming || state.isCheckingHint || state.suspect !== undefined || state.isTimeUp;
  if (isAskedOften) return { state, commands: [] };
  return { state: { ...state, isConfirming: true }, commands: [{ do: 'confirm' }] };
}

function confirmed(state: WaitState, reading: Reading | undefined): WaitStep {
  const step = heard(state, reading);
  const isEarly = reading !== undefined && verdictOf(reading).is === 'rendering';
  // While a check decides on a suspect reading it asks every 5 s already, and 5 s is the floor.
  if (!isEarly || step.state.isTimeUp || step.state.suspect !== undefined) return step;
  return {
    state: { ...step.state, isCheckingHint: true },
    commands: [...step.commands, { do: 'check hint' }],
  };
}

/** Applies a reading of any check. While a check decides on one suspect reading, ignores further ones. */
function heard(state: WaitState, reading: Reading | undefined): WaitStep {
  if (reading === undefined) return { state, commands: [] };
  const verdict = verdictOf(reading);
  if (verdict.is === 'ended') return ended(state, verdict.ending);
  if (verdict.is === 'rendering' || state.suspect !== undefined || state.isTimeUp)
    return { state, commands: [] };
  return {
    state: { ...state, suspect: verdict.about },
    commands: [{ do: 'check suspect', about: verdict.about }],
  };
}

function suspectChecked(state: WaitState, reading: Reading | undefined): WaitStep {
  const { suspect, ...rest } = state;
  const hasLasted = reading !== undefined && reading.says === suspect;
  if (hasLasted && (reading.says === 'error' || reading.says === 'gone' || reading.says === 'missing')) {
    return ended(rest, endingOf(reading));
  }
  return watchIfIdle(heard(rest, reading));
}

function watchIfIdle(step: WaitStep): WaitStep {
  const { ending, suspect, isWatching, isTimeUp } = step.state;
  if (ending !== undefined || suspect !== undefined || isWatching || isTimeUp) return step;
  const watching = watch(step.state);
  return { state: watching.state, commands: [...step.commands, ...watching.commands] };
}

/** Returns the ending when time is up. Only a finished video counts: an `error` may be brief, so it is only quoted. */
function lastEnding(reading: Reading | undefined): Ending {
  const verdict = reading === undefined ? undefined : verdictOf(reading);
  if (verdict?.is === 'ended') return verdict.ending;
  const said = reading === undefined ? '' : `; the provider last said: ${describeReading(reading)}`;
  return {
    status: 'timed-out',
    message: `the render did not end in time; it may still end at the provider${said}`,
  };
}

import { describeReading, type Reading } from './reading.js';
import { type Suspect, type Ending, endingOf, verdictOf } from './waiting.js';

/**
 * The wait for an accepted render as a machine without I/O: events in, commands out. One check watches from acceptance to
 * the end; a hint adds a confirming GET; a suspect reading adds a check that decides whether it lasts. Whatever the
 * order in which they report, the first ending is the only one.
 */
export interface WaitState {
  readonly ending?: Ending;
  /** The suspect reading that a check is now deciding on. */
  readonly suspect?: Suspect;
  readonly isWatching: boolean;
  readonly isConfirming: boolean;
  /** Whether the provider is asked often because of a hint. */
  readonly isCheckingHint: boolean;
  readonly isTimeUp: boolean;
}

/** A check's report; without a reading it ended without having anything to tell. */
type Report<Type extends string> = { readonly type: Type; readonly reading?: Reading | undefined };

export type WaitEvent =
  | { readonly type: 'accepted' | 'hinted' | 'time is up' | 'cancelled' }
  | Report<'watched' | 'confirmed' | 'hint checked' | 'suspect checked' | 'last checked'>;

export type WaitCommand =
  | { readonly do: 'watch' | 'confirm' | 'check hint' | 'check last' }
  | { readonly do: 'check suspect'; readonly about: Suspect };

export interface WaitStep {
  readonly state: WaitState;
  readonly commands: readonly WaitCommand[];
}

export const NOT_ACCEPTED: WaitState = {
  isWatching: false,
  isConfirming: false,
  isCheckingHint: false,
  isTimeUp: false,
};

/** What an event means in a state. An ended wait stays as it is, and commands nothing. */
export function stepWait(state: WaitState, event: WaitEvent): WaitStep {
  if (state.ending !== undefined) return { state, commands: [] };
  switch (event.type) {
    case 'accepted':
      return watch(state);
    case 'hinted':
      return hinted(state);
    case 'watched':
      return watchIfIdle(told({ ...state, isWatching: false }, event.reading));
    case 'confirmed':
      return confirmed({ ...state, isConfirming: false }, event.reading);
    case 'hint checked':
      return told({ ...state, isCheckingHint: false }, event.reading);
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
        message: 'cancelled while rendering; the project goes on at the provider',
      });
  }
}

function ended(state: WaitState, ending: Ending): WaitStep {
  return { state: { ...state, ending }, commands: [] };
}

function watch(state: WaitState): WaitStep {
  return { state: { ...state, isWatching: true }, commands: [{ do: 'watch' }] };
}

/** A check every 5 s, whatever its reason, is as good as a confirming GET: hints add nothing to it. */
function hinted(state: WaitState): WaitStep {
  const isAskedOften =
    state.isConfirming || state.isCheckingHint || state.suspect !== undefined || state.isTimeUp;
  if (isAskedOften) return { state, commands: [] };
  return { state: { ...state, isConfirming: true }, commands: [{ do: 'confirm' }] };
}

function confirmed(state: WaitState, reading: Reading | undefined): WaitStep {
  const step = told(state, reading);
  const isEarly = reading !== undefined && verdictOf(reading).is === 'rendering';
  // While a suspect reading is decided the provider is asked every 5 s already, and not to be asked more often.
  if (!isEarly || step.state.isTimeUp || step.state.suspect !== undefined) return step;
  return {
    state: { ...step.state, isCheckingHint: true },
    commands: [...step.commands, { do: 'check hint' }],
  };
}

/** What a reading means, whoever reports it. While one suspect reading is being decided, further ones are not heard. */
function told(state: WaitState, reading: Reading | undefined): WaitStep {
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
  return watchIfIdle(told(rest, reading));
}

function watchIfIdle(step: WaitStep): WaitStep {
  const { ending, suspect, isWatching, isTimeUp } = step.state;
  if (ending !== undefined || suspect !== undefined || isWatching || isTimeUp) return step;
  const watching = watch(step.state);
  return { state: watching.state, commands: [...step.commands, ...watching.commands] };
}

/** Time is up: only a finished video counts now. An `error` at this moment may be a brief one, and is told as what it is. */
function lastEnding(reading: Reading | undefined): Ending {
  const verdict = reading === undefined ? undefined : verdictOf(reading);
  if (verdict?.is === 'ended') return verdict.ending;
  const said = reading === undefined ? '' : `; the provider last said: ${describeReading(reading)}`;
  return {
    status: 'timed-out',
    message: `the render did not end in time; it may still end at the provider${said}`,
  };
}

import type { Random } from '../../../support/random.js';
import { between, weighted } from '../draw.js';

/** The end of a render, if it has one (3.3). */
export type LifeEnd =
  | 'done'
  | 'error'
  /** A brief `error`, then `done`: the provider repeats a transient failure itself. */
  | 'error then done'
  /** `timeout` is computed from the age, and may become `done`. */
  | 'timeout then done'
  | 'done, its url later'
  | 'never';

/** The course of one accepted render. */
export interface Life {
  readonly pendingMs: number;
  readonly runningMs: number;
  readonly end: LifeEnd;
  /** The word for a render that goes on; a third party notes `processing` (3.3). */
  readonly runningWord: 'running' | 'processing';
}

/** The state of a render in a status reply. */
export interface LifeState {
  readonly status: string;
  readonly message: string;
  readonly hasVideo: boolean;
}

/** Long enough for several checks, and shorter than the least `errorGraceSeconds`. */
const BRIEF_MS = 4_000;

const TIMEOUT_MS = 8_000;

export function drawLife(random: Random): Life {
  return {
    pendingMs: between(random, 0, 1_500),
    runningMs: between(random, 500, 12_000),
    end: weighted(random, {
      done: 12,
      error: 3,
      'error then done': 2,
      'timeout then done': 1,
      'done, its url later': 1,
      never: 1,
    }),
    runningWord: weighted(random, { running: 5, processing: 1 }),
  };
}

/** Returns when the render has ended for good, in milliseconds since its acceptance. */
export function endsAfterMs({ pendingMs, runningMs, end }: Life): number {
  const first = pendingMs + runningMs;
  switch (end) {
    case 'done':
    case 'error':
      return first;
    case 'error then done':
    case 'done, its url later':
      return first + BRIEF_MS;
    case 'timeout then done':
      return first + TIMEOUT_MS;
    case 'never':
      return Infinity;
  }
}

/** Returns what a status reply says so many milliseconds after the acceptance. */
export function stateAfter(life: Life, ms: number): LifeState {
  const { pendingMs, runningMs, end, runningWord } = life;
  if (ms < pendingMs) return state('pending');
  if (ms < pendingMs + runningMs) return state(runningWord);
  if (ms < endsAfterMs(life)) {
    switch (end) {
      case 'error then done':
        return state('error', 'Not all elements have metadata');
      case 'timeout then done':
        return state('timeout');
      case 'done, its url later':
        return state('done');
      default:
        return state(runningWord);
    }
  }
  return end === 'error'
    ? state('error', "Scene #1, element #1: Failed to download 'https://example.com/a.png' (404)")
    : { ...state('done'), hasVideo: true };
}

function state(status: string, message = ''): LifeState {
  return { status, message, hasVideo: false };
}

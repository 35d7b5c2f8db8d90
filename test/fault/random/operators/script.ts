import type { RenderOptionsInput } from '../../../../src/render/options.js';
import type { Nature } from '../provider/fates.js';

/** Processes of callers. Their clocks differ; the line of `ahead` to the engine is slow, so that its starts come late. */
export const CALLERS = ['plain', 'ahead', 'behind'] as const;

export type CallerName = (typeof CALLERS)[number];

/** One of the two movies that callers ask for under a key. */
export type Variant = 'a' | 'b';

/** A call that asks for a render. */
export interface Submitting {
  readonly do: 'submitOnce' | 'render' | 'start';
  readonly caller: CallerName;
  readonly movie: Variant;
  readonly restart: boolean;
  readonly deadlineMs: number;
}

/** One thing that a person or a program does with a key. */
export type Deed =
  | Submitting
  | { readonly do: 'result' | 'status' | 'cancel'; readonly caller: CallerName }
  | {
      readonly do: 'decide';
      readonly caller: CallerName;
      readonly action: 'adopt' | 'resubmit' | 'abandon';
      readonly force: boolean;
      /** For `adopt`: a project of another key. */
      readonly foreign?: boolean;
    }
  | {
      readonly do: 'reset';
      /** To which of the completed workflow tasks. */
      readonly to: 'first' | 'last' | 'any';
      /** Chooses among them, in [0, 1). */
      readonly draw: number;
      readonly without: readonly ('signals' | 'updates')[];
      /** Resets a run that the newest one has followed, if there is one. */
      readonly older: boolean;
    }
  | { readonly do: 'terminate' | 'delete' };

/** When an act begins: as soon as the key's newest run is seen in this state, or at once. */
export type Trigger = 'at once' | 'open' | 'waiting' | 'unknown' | 'held' | 'rendering' | 'closed';

/** A deed and its time. */
export interface Act {
  readonly on: Trigger;
  readonly afterMs: number;
  readonly deed: Deed;
}

/** All that happens to one key, from a time of its own on. The threads run side by side, the acts of each one after the other. */
export interface Script {
  readonly key: string;
  readonly nature: Nature;
  /** When it begins, as a share of the time in which all keys begin. */
  readonly begin: number;
  readonly options: RenderOptionsInput;
  readonly threads: readonly (readonly Act[])[];
}

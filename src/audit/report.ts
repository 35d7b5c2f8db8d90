import type { Unreported } from '../starter/unreported.js';
import type { RenderState } from '../render/state.js';

/** A movie of the provider's list. An audit keeps little of it, since a list may have a hundred thousand. */
export interface AuditedMovie {
  readonly project: string;
  /** ISO 8601 UTC; null if the provider gives no time. */
  readonly createdAt: string | null;
  /** The provider's word: `pending`, `running`, `done`, `error`, `timeout`. */
  readonly status: string | null;
  /** Estimated from the duration; null while there is none. */
  readonly credits: number | null;
}

/** Price of several movies together. */
export interface Price {
  /** One credit for each started second of video, and generated assets if the list names them: an estimate. */
  readonly credits: number;
  /** Movies that have not ended, so that they have no estimate; they are not in `credits`. */
  readonly unpriced: number;
}

/** A movie under one of our keys. */
export interface KeyMovie extends AuditedMovie {
  /** True if a run of this namespace has it as its project. */
  readonly isKnown: boolean;
}

/** A key whose movies need a person. */
export interface Finding {
  readonly key: string;
  /** State of the key's render; absent if the engine knows no such key. */
  readonly state?: RenderState;
  /** The project of the key's render, if it has one; it may lie outside the period. */
  readonly ownProject?: string;
  /** The movies, oldest first. */
  readonly movies: readonly KeyMovie[];
  readonly price: Price;
  /** The project that the key can adopt, because its render waits for a decision. */
  readonly adoptable?: string;
  /** Next step of a person, as a sentence with its command. */
  readonly next: string;
  /** Present after an audit that adopts: true if the key took the project. */
  readonly adopted?: boolean;
}

/** A key with more than one accepted movie: all movies but the first were paid for in vain. */
export interface Duplicate extends Finding {
  /** Price of all movies but the one that the callers have. */
  readonly surplus: Price;
}

/** Number and price of the movies in one part of the report. */
export interface Section {
  readonly count: number;
  readonly price: Price;
}

/** What an audit did about credits that a budget held in doubt, or that no reservation covered. */
export interface BudgetRepair {
  readonly budget: string;
  readonly key: string;
  /** The movie that the provider has. */
  readonly project?: string;
  /** Credits that were held in doubt; 0 for a movie without a reservation. */
  readonly credits: number;
  readonly did: 'posted' | 'voided' | 'nothing';
  /** Credits that were posted. */
  readonly posted?: number;
  readonly why: string;
}

/** Report of an audit. Every movie of the period stands in exactly one place. */
export interface AuditReport {
  readonly namespace: string;
  /** ISO 8601 UTC, as all times. */
  readonly since: string;
  readonly until: string;
  readonly movies: number;
  /** Keys with more than one accepted movie. */
  readonly duplicates: readonly Duplicate[];
  /** Keys whose only movie of the period no run knows. */
  readonly orphans: readonly Finding[];
  readonly unmarked: Section & { readonly movies: readonly AuditedMovie[] };
  /** Movies of renders that are submitting at this moment. */
  readonly underway: Section;
  /** Movies older than the engine's memory, so that it cannot say if a run knew them. */
  readonly forgotten: Section;
  /** Movies that a run knows, one under each key; also unmarked movies that a person gave to a key. */
  readonly sound: Section;
  /** Ended renders without the event that was asked for; absent if nobody is told of renders. */
  readonly unreported?: readonly Unreported[];
  readonly elsewhere: readonly (Section & { readonly namespace: string })[];
  /** Present after an audit that settles budgets. */
  readonly budgets?: readonly BudgetRepair[];
}

/** True if an audit found something wrong. */
export function hasFindings(
  { duplicates, orphans, unmarked, unreported = [] }: AuditReport,
  { allowUnmarked }: { readonly allowUnmarked: boolean },
): boolean {
  const certain = duplicates.length + orphans.length + unreported.length;
  return certain > 0 || (unmarked.count > 0 && !allowUnmarked);
}

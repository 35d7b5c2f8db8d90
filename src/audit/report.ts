import type { RenderState } from '../render/state.js';
import type { AuditedMovie, Price } from './movie.js';

/** A movie under one of our keys. */
export interface FoundMovie extends AuditedMovie {
  /** Whether a run of this namespace has it as its project. */
  readonly isKnown: boolean;
}

/** A key whose movies need a person. */
export interface Finding {
  readonly key: string;
  /** State of the key's render; absent where the engine knows no such key. */
  readonly state?: RenderState;
  /** The project of the key's render, where it has one; it may lie outside the period. */
  readonly ownProject?: string;
  /** The oldest first. */
  readonly movies: readonly FoundMovie[];
  readonly price: Price;
  /** The project that can be handed to the key, because its render waits for a decision. */
  readonly adoptable?: string;
  /** What to do, as a sentence with its command. */
  readonly next: string;
  /** Present after an audit that adopts: whether the key took the project. */
  readonly adopted?: boolean;
}

/** A key with more than one accepted movie: what is beyond the first was paid for in vain. */
export interface Duplicate extends Finding {
  /** Price of all movies but the one that the callers have. */
  readonly surplus: Price;
}

/** How many movies a part of the report counts, and what they cost. */
export interface Section {
  readonly count: number;
  readonly price: Price;
}

/** What an audit found. Every movie of the period stands in exactly one place. */
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
  /** Movies that are older than what the engine remembers, so that it cannot tell whether they were known. */
  readonly forgotten: Section;
  /** One movie under its key, and a run knows it; also movies without our mark that a person gave to a key. */
  readonly sound: Section;
  readonly elsewhere: readonly (Section & { readonly namespace: string })[];
}

/** Whether an audit found something wrong. */
export function hasFindings(
  { duplicates, orphans, unmarked }: AuditReport,
  { allowUnmarked }: { readonly allowUnmarked: boolean },
): boolean {
  return duplicates.length > 0 || orphans.length > 0 || (unmarked.count > 0 && !allowUnmarked);
}

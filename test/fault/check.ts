import type { Answer } from './callers.js';
import type { CellKey } from './aim.js';
import type { AcceptedMovie } from './ledger.js';

/** What is known of one key when its cell is over. */
export interface Observed {
  readonly key: CellKey;
  /** What the provider's ledger holds under the key. */
  readonly accepted: readonly AcceptedMovie[];
  /** What each caller was told at last; none: nobody was told anything in time. */
  readonly answers: readonly Answer[];
  /** Whether the provider's list had to be read. */
  readonly wasUnknown: boolean;
}

/** What a cell has seen. */
export interface Sighting {
  readonly observed: readonly Observed[];
  /** What was to happen, and the keys to which it did. */
  readonly fired: Readonly<Record<string, readonly string[]>>;
  /** What was left over when all was closed. */
  readonly left: readonly string[];
  /** What else was not as it must be, by the rules of the cell's own kind. */
  readonly unexpected: readonly Violation[];
}

export interface Violation {
  readonly rule: 'safety' | 'liveness' | 'agreement' | 'hygiene' | 'vacuity' | 'class';
  readonly what: string;
  readonly key?: string;
}

/** Everything that must hold of a cell, whatever was done to it. */
export function checkCell({ observed, fired, left, unexpected }: Sighting): readonly Violation[] {
  const vacuous = Object.entries(fired).filter(([, keys]) => keys.length === 0);
  return [
    ...observed.flatMap(checkKey),
    ...unexpected,
    ...left.map((what): Violation => ({ rule: 'hygiene', what: `left over: ${what}` })),
    ...vacuous.map(([fault]): Violation => ({ rule: 'vacuity', what: `never happened: ${fault}` })),
  ];
}

function checkKey({ key: cellKey, accepted, answers }: Observed): readonly Violation[] {
  const { key, resubmissions, isRejected = false, isCancelled = false } = cellKey;
  const wrong = (rule: Violation['rule'], what: string): Violation => ({ rule, what, key });
  const violations: Violation[] = [];
  if (accepted.length > 1) violations.push(wrong('safety', `paid ${accepted.length} times`));
  if (answers.length === 0) violations.push(wrong('liveness', 'no answer in time'));
  for (const { told, project, message } of answers) {
    if (told === 'held') {
      // Held is an answer where a person decides; what is held must be in doubt, not known.
      if (resubmissions === 1) violations.push(wrong('liveness', 'held, although a resubmission was left'));
      if (accepted.length > 0) violations.push(wrong('agreement', 'held, although its movie is in the list'));
      continue;
    }
    if (isRejected && told === 'MovieRejected' && accepted.length === 0) continue;
    const [movie] = accepted;
    const truth = movie?.ended === 'error' ? 'failed' : movie?.ended;
    // The answer to a submission tells of a project only, and so does the outcome of a render that was cancelled.
    const isAboutProject = told === 'accepted' || (isCancelled && told === 'cancelled');
    if (told !== truth && !isAboutProject) {
      const shown = message === undefined ? told : `${told} (${message})`;
      violations.push(wrong('agreement', `told ${shown}, the provider says ${truth ?? 'nothing'}`));
    }
    const isKnown = accepted.some((each) => each.project === project);
    if (!isKnown) violations.push(wrong('agreement', `told of project ${project}, which nobody accepted`));
  }
  return violations;
}

/** Whether a key came to its end: an outcome, or held where a person is to decide. */
function isCompleted({ key, answers }: Observed): boolean {
  return answers.some(
    ({ told }) =>
      told === 'done' ||
      told === 'failed' ||
      (told === 'held' && key.resubmissions === 0) ||
      (told === 'MovieRejected' && key.isRejected === true),
  );
}

/** Fewer completed keys than this, and a run proves little. */
const COMPLETED_SHARE = 0.99;

/** What must hold of all cells of a run together. */
export function checkRun(observed: readonly Observed[]): readonly Violation[] {
  const completed = observed.filter(isCompleted).length;
  if (observed.length > 0 && completed / observed.length >= COMPLETED_SHARE) return [];
  return [{ rule: 'vacuity', what: `only ${completed} of ${observed.length} keys were completed` }];
}

import type { RandomViolation } from './check.js';

/** A kind of violation that the code is known to have. */
export interface KnownViolation {
  readonly rule: RandomViolation['rule'];
  /** Signs that the key must have, all of them. */
  readonly signs: readonly string[];
  /** A text of its message, if the signs do not suffice. */
  readonly what?: RegExp;
}

/**
 * Violations that await a change of the product. The checker finds and counts them all the same; the sample and the proof
 * do not fail for them. An entry goes when its change is there; the aim is the empty list.
 */
const KNOWN_VIOLATIONS: readonly KnownViolation[] = [
  // A look that finds nothing proves absence without a witness: the list shows no mark, …
  { rule: 'paid', signs: ['listJson=absent', 'listClientData=absent'] },
  // … or is another account's.
  { rule: 'paid', signs: ['worker key: other account'] },
  // A run that came from a reset sends by itself.
  { rule: 'paid', signs: ['reset'] },
  // A call that has seen a run of the key starts it anew.
  { rule: 'paid', signs: ['delete'] },
  // A start that comes late does not look for the runs that its caller has not seen.
  { rule: 'paid', signs: ['caller ahead', 'terminate'] },
  // A key is freed by a rejection while an earlier, forced submission is in doubt.
  { rule: 'paid', signs: ['resubmit by force'] },
  // No call leads out of a run that found another movie of the key at the provider.
  { rule: 'way on', signs: [], what: /^restart ends in IdempotencyKeyReused/ },
  // An update that is aborted because its run closes ends in the SDK's own error, …
  { rule: 'call', signs: [], what: /aborted by closing workflow|Workflow Update failed/ },
  // … like a call whose run is deleted meanwhile, …
  { rule: 'call', signs: ['delete'], what: /WorkflowNotFoundError/ },
  // … and one that meets an engine which has just started.
  { rule: 'call', signs: ['engine restarted'], what: /Namespace default is not found/ },
];

export function isKnown({ rule, what, signs }: RandomViolation): boolean {
  return KNOWN_VIOLATIONS.some(
    (known) =>
      known.rule === rule &&
      known.signs.every((sign) => signs.includes(sign)) &&
      (known.what?.test(what) ?? true),
  );
}

/** What is tried, in the order of the report. */
export const PROMISES = {
  paid: 'a key is paid for at most once, unless a person consents to more',
  ended: 'every key comes to its end: an outcome, or held where a person is to decide',
  told: 'all callers of a key are told of one project, and of its true end',
  class: 'each fault of HTTP has its class, and costs its number of requests',
  server: 'the first three over the HTTP server',
  engine: 'a killed engine under load forgets no acknowledged key',
  up: '`up` under kills: no acknowledged key is forgotten, and every key has its video',
  versions: 'workers of two versions under kills while tasks move between them: every key has its video',
  random: 'random provider and operators: every call and run ends, with the true project',
  events: 'an event is signed, has one ID and one effect, when its worker is killed',
  kept: 'a video is kept whole and written once, when its worker is killed',
  budgets: 'a budget is never overspent, and has posted what was charged',
  clean: 'nothing stays behind: no process and no worker that does not end',
} as const;
export type PromiseId = keyof typeof PROMISES;

/** Trials of a promise are keys, but for these. */
export const UNITS: Readonly<Partial<Record<PromiseId, string>>> = { budgets: 'budgets', clean: 'cells' };

/** How often a promise was tried, and under what. */
export interface Trials {
  readonly trials: number;
  /** Trials in which it was broken. */
  readonly violations: number;
  /** Each kind of fault, and the trials that it struck. */
  readonly faults: Readonly<Record<string, number>>;
}

const NONE: Trials = { trials: 0, violations: 0, faults: {} };

/** By promise; a promise that was not tried has no entry. */
export type TrialsByPromise = Readonly<Partial<Record<PromiseId, Trials>>>;

/** Adds up the trials of several cells or pieces. */
export function sumOfTrials(all: readonly TrialsByPromise[]): TrialsByPromise {
  const ids = Object.keys(PROMISES) as PromiseId[];
  const sums = ids.map((id) => [id, all.map((each) => each[id] ?? NONE).reduce(plus)] as const);
  return Object.fromEntries(sums.filter(([, { trials }]) => trials > 0));
}

function plus(one: Trials, other: Trials): Trials {
  return {
    trials: one.trials + other.trials,
    violations: one.violations + other.violations,
    faults: sumOfCounts([one.faults, other.faults]),
  };
}

/** Adds up counts by name, in the order of the names. */
export function sumOfCounts(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of all.flatMap(Object.entries)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries([...sums].toSorted(([a], [b]) => a.localeCompare(b)));
}

/**
 * Returns how many keys each kind of fault has struck. What struck keys of one promise struck keys of others, too: the larger
 * number is taken.
 */
export function strikesOf(promises: TrialsByPromise): Record<string, number> {
  const largest = new Map<string, number>();
  for (const [id, { faults }] of Object.entries(promises)) {
    if (id === ('clean' satisfies PromiseId)) continue;
    for (const [fault, keys] of Object.entries(faults)) {
      largest.set(fault, Math.max(largest.get(fault) ?? 0, keys));
    }
  }
  return sumOfCounts([Object.fromEntries(largest)]);
}

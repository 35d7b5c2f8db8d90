import type { BudgetCrowds } from '../budget-crowd.js';
import type { EngineKillsResult } from '../engine-kills.js';
import { EVENT_POINTS } from '../event-points.js';
import { KEEP_POINTS } from '../keep-points.js';
import type { Played } from '../random/play.js';
import { describeViolation } from '../random/run-random.js';
import type { Outcome } from '../report/outcome.js';
import type { Trials } from '../report/promises.js';
import type { UpKillsResult } from '../up-kills.js';
import type { VersionKillsResult } from '../version-kills.js';

/** What these do not see. */
const UNSEEN = { inDoubt: 0, held: 0, timesToKnownMs: [], naiveKeys: [], observed: [] } as const;

type Faults = Trials['faults'];

/** A line tells of one key that was paid for more than once, or of a movie of no key. */
const isAboutPaying = (line: string): boolean => line.startsWith('paid ');

/** Every key of these must have one movie, and its caller the project of that. */
function ofLoad(
  promise: 'engine' | 'up' | 'versions',
  { keys, violations }: { readonly keys: number; readonly violations: readonly string[] },
  faults: Faults,
): Outcome {
  const paidTwice = violations.filter(isAboutPaying).length;
  return {
    ...UNSEEN,
    keys,
    paidKeys: keys,
    acceptedPosts: keys + paidTwice,
    promises: {
      paid: { trials: keys, violations: paidTwice, faults },
      [promise]: { trials: keys, violations: violations.length, faults },
    },
    why: violations,
  };
}

export function ofEngineKills(rounds: number, result: EngineKillsResult): Outcome {
  return ofLoad('engine', result, { 'engine killed under load': rounds });
}

export function ofUpKills(result: UpKillsResult): Outcome {
  const kills = Object.entries(result.kills).map(([name, count]) => [`up: ${name} killed`, count] as const);
  return ofLoad('up', result, Object.fromEntries(kills));
}

export function ofVersionKills(result: VersionKillsResult): Outcome {
  const kills = Object.entries(result.kills).map(([move, count]) => [killedAfter(move), count] as const);
  return ofLoad('versions', result, Object.fromEntries(kills));
}

/** Name of the fault: a worker is killed after a move of the tasks. */
export function killedAfter(move: string): string {
  return `versions: tasks ${move}, a worker killed`;
}

/** Each point has some keys, and its lines begin with it and a key. */
function ofPoints(
  promise: 'events' | 'kept',
  points: readonly string[],
  keysOfEach: number,
  violations: readonly string[],
): Outcome {
  const keys = points.length * keysOfEach;
  const broken = new Set(violations.map((line) => line.split(': ').slice(0, 2).join(': ')));
  const faults = Object.fromEntries(points.map((point) => [`${promise}: ${point}`, keysOfEach]));
  return {
    ...UNSEEN,
    keys,
    // Nobody reads the ledger here.
    paidKeys: 0,
    acceptedPosts: 0,
    promises: { [promise]: { trials: keys, violations: broken.size, faults } },
    why: violations,
  };
}

export function ofEventKills(keysOfEach: number, violations: readonly string[]): Outcome {
  const points = EVENT_POINTS.map(({ name }) => `killed ${name}`);
  return ofPoints('events', points, keysOfEach, violations);
}

export function ofKeepKills(keysOfEach: number, violations: readonly string[]): Outcome {
  const points = KEEP_POINTS.map(({ store, name }) => `${store}, killed ${name}`);
  return ofPoints('kept', points, keysOfEach, violations);
}

/** On a machine that plays other cells, too, callers of a crowd may have to call again: that says nothing of the budget. */
const isAskedAgain = (line: string): boolean =>
  line.endsWith('were neither accepted nor denied: EngineUnavailable');

export function ofBudgets({ budgets, kills, keys, accepted, violations: all }: BudgetCrowds): Outcome {
  const violations = all.filter((line) => !isAskedAgain(line));
  const faults = { 'budget: worker killed in a crowd': kills };
  // One crowd is left in peace, the other is not.
  const broken = new Set(violations.map((line) => line.startsWith('under kills: '))).size;
  return {
    ...UNSEEN,
    keys,
    paidKeys: keys,
    acceptedPosts: accepted,
    promises: {
      paid: { trials: keys, violations: accepted - keys, faults },
      budgets: { trials: budgets, violations: broken, faults },
    },
    why: violations,
  };
}

export function ofRandom(onDisk: boolean, { seen, violations }: Played): Outcome {
  const broken = (rules: readonly string[]): number =>
    new Set(violations.filter(({ rule }) => rules.includes(rule)).map(({ key }) => key)).size;
  const keys = seen.length;
  const paidKeys = seen.filter(({ accepted }) => accepted.length > 0).length;
  const unconsented = violations.filter(({ rule }) => rule === 'paid').length;
  const fault = `random provider and operators${onDisk ? ', engine restarted' : ''}`;
  const faults = { [fault]: keys };
  return {
    ...UNSEEN,
    keys,
    paidKeys,
    // What a person consented to pay again is left out.
    acceptedPosts: paidKeys + unconsented,
    held: seen.filter(({ held }) => held !== undefined).length,
    promises: {
      paid: { trials: keys, violations: broken(['paid']), faults },
      random: {
        trials: keys,
        violations: broken(['paid', 'call', 'way on', 'held', 'project']),
        faults,
      },
    },
    why: violations.map((violation) => describeViolation(violation, violation.rule)),
  };
}

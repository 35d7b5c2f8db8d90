import { membersOf } from '../text/json.js';
import {
  BUDGET_NUMBERS,
  BUDGET_PERIODS,
  type BudgetSetting,
  type Release,
  type ReserveRequest,
  type Settlement,
} from './budget.js';
import { PERSON_CHARACTERS } from './limits.js';

/** Longest reason for a change of a limit, in characters. */
export const WHY_CHARACTERS = 1_000;

/** True if a value is a request that a budget can read: clients in any language may send one. */
export function isReserveRequest(value: unknown): value is ReserveRequest {
  const { key, count, credits, isUnknown } = membersOf<ReserveRequest>(value);
  return (
    isRelease(value) &&
    isText(key) &&
    isCount(count) &&
    count > 0 &&
    isCount(credits) &&
    typeof isUnknown === 'boolean'
  );
}

export function isRelease(value: unknown): value is Release {
  const { run, runId, number } = membersOf<Release>(value);
  return isText(run) && isText(runId) && isCount(number);
}

export function isSettlement(value: unknown): value is Settlement {
  const { run, runId, endedAtMs, post, inDoubt, project } = membersOf<Settlement>(value);
  const isKnown = inDoubt === 'none' || inDoubt === 'rest' || inDoubt === 'all';
  const isMovie = project === undefined || isText(project);
  return isText(run) && isText(runId) && isCount(endedAtMs) && isCount(post) && isKnown && isMovie;
}

/** True if the arguments of an audit's signal name a movie and what it cost. */
export function isFound(project: unknown, credits: unknown, atMs: unknown): boolean {
  return isText(project) && isCount(credits) && isCount(atMs);
}

export function isSetting(value: unknown): value is BudgetSetting {
  const { limit, per, soft, unknown, by, why } = membersOf<BudgetSetting>(value);
  return (
    isWithin(limit, BUDGET_NUMBERS.limit) &&
    BUDGET_PERIODS.some((each) => each === per) &&
    (soft === undefined || isWithin(soft, BUDGET_NUMBERS.soft)) &&
    (unknown === undefined || isWithin(unknown, BUDGET_NUMBERS.unknown)) &&
    isText(by) &&
    by.length <= PERSON_CHARACTERS &&
    isText(why) &&
    why.length <= WHY_CHARACTERS
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isWithin(value: unknown, { min, max }: { readonly min: number; readonly max: number }): boolean {
  return isCount(value) && value >= min && value <= max;
}

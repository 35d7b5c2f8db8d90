import { isoOf } from '../text/time.js';
import { BUDGET_NUMBERS, type BudgetChange, type BudgetSetting, type BudgetTerms } from './budget.js';
import type { DayTotalsRecord } from './day-totals.js';
import type { ReservationRecord } from './reservations.js';

/** Everything that a budget knows, as it goes from run to run of its workflow. */
export interface BudgetRecord {
  readonly name: string;
  readonly terms: BudgetTerms;
  readonly changes: readonly BudgetChange[];
  readonly posted: DayTotalsRecord;
  readonly overrun: DayTotalsRecord;
  readonly reservations: readonly ReservationRecord[];
  /** Start of the window for which the soft limit, or the limit, was reported. */
  readonly softFor?: number | undefined;
  readonly exceededFor?: number | undefined;
  /** Projects that an audit or a review has posted, the newest last. */
  readonly audited: readonly string[];
}

/** Changes that a budget remembers; its histories have all of them. */
const CHANGES_KEPT = 50;

/** Creates the record of a budget without any spending. */
export function newBudget(name: string, setting: BudgetSetting, atMs: number): BudgetRecord {
  const terms = termsOf(setting);
  const changes = [changeOf(terms, setting, atMs)];
  return { name, terms, changes, posted: [0, {}], overrun: [0, {}], reservations: [], audited: [] };
}

/** Returns the terms that a setting leads to. */
function termsOf({ limit, per, soft, unknown }: BudgetSetting, before?: BudgetTerms): BudgetTerms {
  return {
    limit,
    per,
    soft: soft ?? before?.soft ?? BUDGET_NUMBERS.soft.default,
    unknown: unknown ?? before?.unknown ?? BUDGET_NUMBERS.unknown.default,
  };
}

/** Returns a record's terms and changes after a setting. What is reserved stays reserved. */
export function changed(
  { terms: before, changes }: Pick<BudgetRecord, 'terms' | 'changes'>,
  setting: BudgetSetting,
  atMs: number,
): Pick<BudgetRecord, 'terms' | 'changes'> {
  const terms = termsOf(setting, before);
  return { terms, changes: [changeOf(terms, setting, atMs), ...changes].slice(0, CHANGES_KEPT) };
}

function changeOf(terms: BudgetTerms, { by, why }: BudgetSetting, atMs: number): BudgetChange {
  return { ...terms, by, why, at: isoOf(atMs) };
}

import { OptionsInvalid } from './errors.js';

/** Lengths of a budget's window, all in UTC; `total` is one window without an end. */
export const BUDGET_PERIODS = ['day', 'month', 'total'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** The limit of a budget, as a person sets it. */
export interface BudgetTerms {
  /** Whole credits that may be spent in one window. */
  readonly limit: number;
  readonly per: BudgetPeriod;
  /** Percentage of the limit from which on a window is reported once. */
  readonly soft: number;
  /** Credits that are reserved for a movie whose price is unknown. */
  readonly unknown: number;
}

/** A change of a limit: the person, the reason and the ISO time. */
export interface BudgetChange extends BudgetTerms {
  readonly by: string;
  readonly why: string;
  readonly at: string;
}

/** A limit as it is set; soft limit and unknown price keep their value if they are absent. */
export interface BudgetSetting extends Pick<BudgetTerms, 'limit' | 'per'> {
  readonly soft?: number | undefined;
  readonly unknown?: number | undefined;
  readonly by: string;
  readonly why: string;
}

/** Bounds of the numbers of a budget, for every place that reads them. */
export const BUDGET_NUMBERS = {
  limit: { min: 0, max: 1_000_000_000 },
  soft: { min: 1, max: 100, default: 80 },
  unknown: { min: 1, max: 1_000_000, default: 60 },
} as const;

/** A name is part of a workflow ID and of queries, and a label of metrics. Tenants have such names as well. */
const BUDGET_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The rule in words; it completes the sentence "<name> …". */
export const BUDGET_NAME_RULE = 'must be 1 to 64 letters, digits, _ or -, and begin with a letter or digit';

/** True if a text can be the name of a budget. */
export function isBudgetName(name: string): boolean {
  return BUDGET_NAME.test(name);
}

/**
 * Checks the name of a budget.
 *
 * @throws OptionsInvalid
 */
export function assertBudgetName(name: string): void {
  if (!isBudgetName(name)) throw new OptionsInvalid(`the name of a budget ${BUDGET_NAME_RULE}`);
}

/** A window of time in UTC, in epoch milliseconds; `total` has no end. */
interface BudgetWindow {
  readonly startMs: number;
  readonly endMs: number | undefined;
}

/** Returns the window that holds a time. */
export function windowAt(per: BudgetPeriod, atMs: number): BudgetWindow {
  if (per === 'total') return { startMs: 0, endMs: undefined };
  const at = new Date(atMs);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  if (per === 'month') return { startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) };
  const day = at.getUTCDate();
  return { startMs: Date.UTC(year, month, day), endMs: Date.UTC(year, month, day + 1) };
}

/** A request to reserve credits for one submission of a run. */
export interface ReserveRequest {
  /** ID of the first run of the chain; the budget holds one reservation for it. */
  readonly run: string;
  /** The run that sends. */
  readonly runId: string;
  readonly key: string;
  /** Number of the submission. */
  readonly number: number;
  /** Submissions of the run that may be paid: this one, and those before it that are still in doubt. */
  readonly count: number;
  /** Credits of one submission. */
  readonly credits: number;
  /** True if the price is not known: then the budget's amount counts, if it is larger. */
  readonly isUnknown: boolean;
}

/** Credits that a budget holds for a run. */
export interface Reserved {
  readonly budget: string;
  /** Credits of one submission. */
  readonly credits: number;
  /** The part of the quote for generated assets. */
  readonly assets: number;
}

/** The reason why credits were not granted. */
export interface BudgetDenial {
  readonly budget: string;
  readonly limit: number;
  /** Credits that the submission needs. */
  readonly needs: number;
  readonly left: number;
  /** ISO time at which the next window begins; null if no window will ever hold these credits. */
  readonly opensAt: string | null;
  readonly opensInMs: number | null;
  /** Start of the present window, in epoch milliseconds. */
  readonly windowStartMs: number;
  /** True if the budget knows already that this window was exceeded. */
  readonly isKnown: boolean;
  /** True if there is no room for the record of another open reservation. */
  readonly isFull?: boolean;
}

/** A settlement of a run's reservation; the budget applies it once. */
export interface Settlement {
  readonly budget: string;
  readonly run: string;
  /** The run that ended. */
  readonly runId: string;
  /** Time of its end on the engine's clock. A reservation that was made later is not part of it. */
  readonly endedAtMs: number;
  /** Credits that were spent. */
  readonly post: number;
  /** Submissions that stay booked since they may have been paid for: none, all but one, or all of the reservation. */
  readonly inDoubt: 'none' | 'rest' | 'all';
  /** The movie that was paid for, if an audit might take it for one without a reservation. */
  readonly project?: string | undefined;
}

/** An attempt that gives the credits of its submission back: nothing of it was sent. */
export type Release = Pick<ReserveRequest, 'run' | 'runId' | 'number'>;

/** One reservation, as a budget shows it. */
export interface ReservationView {
  readonly key: string;
  readonly run: string;
  readonly runId: string;
  readonly credits: number;
  readonly at: string;
  readonly state: 'open' | 'in doubt';
}

/** A budget at one moment. Credits are those of the present window, unless a name says otherwise. */
export interface BudgetView extends BudgetTerms {
  readonly name: string;
  readonly window: { readonly start: string; readonly end: string | null };
  readonly posted: number;
  readonly reserved: number;
  readonly inDoubt: number;
  /** Credits that may still be reserved; 0 if a lowered limit or an overrun left less. */
  readonly left: number;
  /** The part of `posted` that no reservation had covered. */
  readonly overrun: number;
  /** True if the present window has reached its soft limit, or denied credits. */
  readonly reached: { readonly soft: boolean; readonly limit: boolean };
  /** Credits of all windows. */
  readonly all: { readonly posted: number; readonly reserved: number; readonly inDoubt: number };
  /** Number of reservations of all windows. */
  readonly reservations: { readonly open: number; readonly inDoubt: number };
  /** The last changes, newest first. */
  readonly changes: readonly BudgetChange[];
}

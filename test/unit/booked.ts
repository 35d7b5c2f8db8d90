import type { BudgetSetting, ReserveRequest } from '../../src/render/budget.js';
import { BudgetBook } from '../../src/render/budget-book.js';
import { newBudget } from '../../src/render/budget-record.js';

export const NOON = Date.UTC(2026, 10, 29, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export function bookOf(setting: Partial<BudgetSetting> = {}): BudgetBook {
  const terms = { limit: 100, per: 'day', by: 'anna', why: 'test', ...setting } as const;
  return new BudgetBook(newBudget('shop', terms, NOON));
}

export function request(run: string, more: Partial<ReserveRequest> = {}): ReserveRequest {
  return { run, runId: run, key: `key-${run}`, number: 1, count: 1, credits: 40, isUnknown: false, ...more };
}

/** Reserves as the workflow does: only what fits. */
export function ask(book: BudgetBook, asked: ReserveRequest, nowMs = NOON): boolean {
  if (book.denialOf(asked, nowMs) !== undefined) return false;
  book.reserve(asked, nowMs);
  return true;
}

export function end(run: string, post: number, inDoubt: 'none' | 'rest' | 'all', more: object = {}) {
  return { run, runId: run, endedAtMs: NOON + 1, post, inDoubt, ...more };
}

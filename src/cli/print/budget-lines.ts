import type { BudgetView } from '../../render/budget.js';
import { shorten } from '../../text/text.js';
import { tableLines } from './table.js';

const HEAD = ['budget', 'per', 'limit', 'posted', 'reserved', 'in doubt', 'left', 'window ends'];

/** Returns all budgets as a table; the numbers are those of their present windows. */
export function budgetTable(budgets: readonly BudgetView[]): string[] {
  if (budgets.length === 0) return ['no budgets'];
  const rows = budgets.map(({ name, per, limit, posted, reserved, inDoubt, left, window }) => [
    name,
    per,
    ...[limit, posted, reserved, inDoubt, left].map(String),
    window.end ?? '-',
  ]);
  return tableLines(HEAD, rows, 2);
}

/** Returns one budget in words, with the changes of its limit. */
export function budgetLines(view: BudgetView): string[] {
  const { soft, unknown, overrun, all, reservations, changes } = view;
  return [
    ...budgetTable([view]),
    `soft limit ${soft} %; a movie of unknown price reserves ${unknown}`,
    `${reservations.open} open reservations, ${reservations.inDoubt} in doubt`,
    ...(overrun === 0 ? [] : [`${overrun} credits cost more than was reserved`]),
    `all windows: posted ${all.posted}, reserved ${all.reserved}, in doubt ${all.inDoubt}`,
    ...(all.inDoubt === 0 ? [] : ['next: renderonce audit --since TIME --settle looks for what is in doubt']),
    ...changes.map(
      ({ at, limit, per, by, why }) =>
        `${at}  ${limit} per ${per}, by ${shorten(by, 100)}: ${shorten(why, 200)}`,
    ),
  ];
}

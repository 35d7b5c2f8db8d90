import type { BudgetDenial, BudgetView } from './budget.js';

/** Describes a denial in a sentence for people. */
export function describeDenial({ budget, limit, needs, left, opensAt, isFull }: BudgetDenial): string {
  if (isFull === true) return `budget ${budget} holds too many open reservations`;
  const short = `budget ${budget} has ${left} of ${limit} credits left, and this movie needs ${needs}`;
  if (needs > limit) return `${short}, more than the limit`;
  return opensAt === null
    ? `${short}; it has no other window`
    : `${short}; the next window opens at ${opensAt}`;
}

/** Describes the present window of a budget in one line for people. */
export function budgetText(view: BudgetView): string {
  const { limit, per, left, posted, reserved, inDoubt, overrun, window } = view;
  const period = per === 'total' ? 'in total' : `per ${per}`;
  const parts = [
    `${left} of ${limit} credits ${period} left`,
    `posted ${posted}`,
    `reserved ${reserved}`,
    ...(inDoubt === 0 ? [] : [`in doubt ${inDoubt}`]),
    ...(overrun === 0 ? [] : [`${overrun} above reservations`]),
    ...(window.end === null ? [] : [`until ${window.end}`]),
  ];
  return parts.join(', ');
}

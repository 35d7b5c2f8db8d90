import { Gauge, type Registry } from 'prom-client';
import type { BudgetView } from '../render/budget.js';

/** Budgets are asked at most this often; each costs its worker a query. */
const INTERVAL_MS = 20_000;

const GAUGES = [
  ['renderonce_credits_reserved', 'Credits that open renders hold, by budget', (view) => view.all.reserved],
  ['renderonce_credits_posted', 'Credits spent in the present window, by budget', (view) => view.posted],
  ['renderonce_credits_in_doubt', 'Credits that may have been spent, by budget', (view) => view.all.inDoubt],
  ['renderonce_credits_left', 'Credits left in the present window, by budget', (view) => view.left],
  [
    'renderonce_budget_soft_exceeded',
    '1 if the window has reached its soft limit, else 0',
    (view) => Number(view.reached.soft),
  ],
  [
    'renderonce_budget_exceeded',
    '1 if the window has denied credits, else 0',
    (view) => Number(view.reached.limit),
  ],
] as const satisfies readonly (readonly [string, string, (view: BudgetView) => number])[];

/** Registers gauges of all budgets. While the engine or the budgets do not answer, they are absent instead of old. */
export function watchBudgets(registry: Registry, read: () => Promise<readonly BudgetView[]>): void {
  let last: { readonly atMs: number; readonly views: Promise<readonly BudgetView[]> } | undefined;
  const views = (): Promise<readonly BudgetView[]> => {
    const nowMs = Date.now();
    if (last === undefined || nowMs - last.atMs >= INTERVAL_MS) last = { atMs: nowMs, views: read() };
    return last.views;
  };
  for (const [name, help, valueOf] of GAUGES) {
    const gauge: Gauge<'budget'> = new Gauge({
      name,
      help,
      labelNames: ['budget'],
      registers: [registry],
      collect: async () => {
        const found = await views().catch(() => []);
        gauge.reset();
        for (const view of found) gauge.set({ budget: view.name }, valueOf(view));
      },
    });
  }
}

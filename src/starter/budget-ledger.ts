import type { Client } from '@temporalio/client';
import type { ReservationView, Settlement } from '../render/budget.js';
import { askEngine } from '../temporal/ask-engine.js';
import { listBudgetNames, postFound, readReservations, settleReservation } from '../temporal/budgets.js';
import { isNotFound } from '../temporal/engine-errors.js';
import { RENDER_BUDGET } from '../workflows/messages.js';

/** A movie that was paid for without a reservation. */
export interface UnreservedMovie {
  readonly project: string;
  readonly credits: number;
  readonly atMs: number;
}

/** The ledger of all budgets, for an audit that repairs it. */
export interface BudgetLedger {
  /** Returns what budgets hold in doubt, by budget. */
  inDoubt(): Promise<readonly (ReservationView & { readonly budget: string })[]>;
  /** Returns the budget of a key's newest render; undefined without one. */
  budgetOf(key: string): Promise<string | undefined>;
  /** Settles a reservation. */
  settle(settlement: Settlement): Promise<void>;
  /** Posts a movie; a second time changes nothing. */
  post(budget: string, movie: UnreservedMovie): Promise<void>;
}

/** Returns the ledger of the budgets of a namespace. It needs a worker. */
export function budgetLedgerOf(client: Client): BudgetLedger {
  return {
    inDoubt: async () => {
      const found: (ReservationView & { readonly budget: string })[] = [];
      for (const budget of await askEngine(client, undefined, () => listBudgetNames(client))) {
        const all = await askEngine(client, undefined, () => collected(readReservations(client, budget)));
        found.push(...all.filter(({ state }) => state === 'in doubt').map((each) => ({ ...each, budget })));
      }
      return found;
    },
    budgetOf: (key) =>
      askEngine(client, key, async () => {
        try {
          const run = await client.workflow.getHandle(key).describe();
          return run.typedSearchAttributes.get(RENDER_BUDGET);
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw error;
        }
      }),
    settle: (settlement) => askEngine(client, undefined, () => settleReservation(client, settlement)),
    post: (budget, movie) => askEngine(client, undefined, () => postFound(client, budget, movie)),
  };
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

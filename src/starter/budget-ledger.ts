import type { Client } from '@temporalio/client';
import type { ReservationView, Settlement } from '../render/budget.js';
import { askEngine } from '../temporal/ask-engine.js';
import {
  listBudgetNames,
  postFound,
  readAudited,
  readReservations,
  settleReservation,
} from '../temporal/budgets.js';
import { isNotFound } from '../temporal/engine-errors.js';
import { ATTRIBUTES } from '../workflows/messages.js';

/** A movie that was paid for without a reservation. */
export interface UnreservedMovie {
  readonly project: string;
  readonly credits: number;
  readonly atMs: number;
}

/** Facts that the engine has of a run; all absent if it does not know the run. */
export interface PaidRun {
  readonly project?: string | undefined;
  /** The account that holds its project, or may hold what is in doubt. */
  readonly account?: string | undefined;
  readonly budget?: string | undefined;
}

/** The ledger of all budgets, for an audit that repairs it. */
export interface BudgetLedger {
  /** Returns the reservations of all budgets, and the projects that earlier audits and reviews have posted. */
  read(): Promise<{
    readonly held: readonly (ReservationView & { readonly budget: string })[];
    readonly audited: ReadonlySet<string>;
  }>;
  /** Returns facts of a run of a key, the newest one by default. */
  runOf(key: string, runId?: string): Promise<PaidRun>;
  /** Settles a reservation. */
  settle(settlement: Settlement): Promise<void>;
  /** Posts a movie; a second time changes nothing. */
  post(budget: string, movie: UnreservedMovie): Promise<void>;
}

/** Returns the ledger of the budgets of a namespace. It needs a worker. */
export function budgetLedgerOf(client: Client): BudgetLedger {
  const ask = <T>(key: string | undefined, call: () => Promise<T>): Promise<T> =>
    askEngine(client, key, call);
  return {
    read: async () => {
      const held: (ReservationView & { readonly budget: string })[] = [];
      const audited = new Set<string>();
      for (const budget of await ask(undefined, () => listBudgetNames(client))) {
        const all = await ask(undefined, () => collected(readReservations(client, budget)));
        held.push(...all.map((each) => ({ ...each, budget })));
        for (const project of await ask(undefined, () => readAudited(client, budget))) audited.add(project);
      }
      return { held, audited };
    },
    runOf: (key, runId) => ask(key, () => readPaidRun(client, key, runId)),
    settle: (settlement) => ask(undefined, () => settleReservation(client, settlement)),
    post: (budget, movie) => ask(undefined, () => postFound(client, budget, movie)),
  };
}

async function readPaidRun(client: Client, key: string, runId: string | undefined): Promise<PaidRun> {
  try {
    const { typedSearchAttributes: shown } = await client.workflow.getHandle(key, runId).describe();
    const [project, account] = [shown.get(ATTRIBUTES.project), shown.get(ATTRIBUTES.account)];
    return { project, account, budget: shown.get(ATTRIBUTES.budget) };
  } catch (error) {
    if (isNotFound(error)) return {};
    throw error;
  }
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

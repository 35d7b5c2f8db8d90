import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type {
  BudgetDenial,
  BudgetSetting,
  BudgetView,
  Release,
  ReservationView,
  ReserveRequest,
  Settlement,
} from '../render/budget.js';
import { membersOf } from '../text/json.js';
import { BUDGET, BUDGET_DENIED, BUDGET_ID_PREFIX, budgetMessages } from '../workflows/messages.js';
import { isNotFound } from './engine-errors.js';

const handleOf = (client: Client, name: string) => client.workflow.getHandle(`${BUDGET_ID_PREFIX}${name}`);

/** Returns true if there is a budget of this name. */
export async function hasBudget(client: Client, name: string): Promise<boolean> {
  try {
    const { type, status } = await handleOf(client, name).describe();
    return type === BUDGET && status.name === 'RUNNING';
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Sets the limit of a budget, and makes the budget if there is none; needs no worker. */
export async function setBudgetLimit(
  client: Client,
  taskQueue: string,
  name: string,
  setting: BudgetSetting,
): Promise<void> {
  await client.workflow.signalWithStart(BUDGET, {
    workflowId: `${BUDGET_ID_PREFIX}${name}`,
    taskQueue,
    args: [],
    signal: budgetMessages.set,
    signalArgs: [setting],
    staticSummary: `budget ${name}`,
    // Its tasks go before those of the renders that wait for it.
    priority: { priorityKey: 1 },
  });
}

/** Reads a budget; needs a worker. Returns nothing if there is none. */
export async function readBudget(
  client: Client,
  name: string,
  nowMs: number = Date.now(),
): Promise<BudgetView | undefined> {
  try {
    // The query of an absent value is null.
    return (await handleOf(client, name).query(budgetMessages.view, nowMs)) ?? undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Budgets in a list: each is asked by itself. */
const MOST_BUDGETS = 1_000;

/** Lists the names of all budgets from the engine's index, in their order. */
export async function listBudgetNames(client: Client): Promise<string[]> {
  const query = `WorkflowType="${BUDGET}" AND ExecutionStatus="Running"`;
  const names: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (workflowId.startsWith(BUDGET_ID_PREFIX)) names.push(workflowId.slice(BUDGET_ID_PREFIX.length));
    if (names.length === MOST_BUDGETS) break;
  }
  return names.toSorted();
}

/** Reservations in one answer of a budget: about 200 KB. */
const PAGE = 1_000;

/** Reads all reservations of a budget, page by page. */
export async function* readReservations(client: Client, name: string): AsyncGenerator<ReservationView> {
  for (let from = 0; ; from += PAGE) {
    const page = await handleOf(client, name).query(budgetMessages.reservations, from, PAGE);
    yield* page;
    if (page.length < PAGE) return;
  }
}

/** Reads the projects that audits and reviews have posted to a budget. */
export async function readAudited(client: Client, name: string): Promise<readonly string[]> {
  return handleOf(client, name).query(budgetMessages.audited);
}

/** The answer of a budget to a request. */
export type ReserveAnswer = { readonly credits: number } | { readonly denial: BudgetDenial };

/** Asks a budget once to reserve credits, under an ID that its engine answers once. */
export async function askToReserve(
  client: Client,
  budget: string,
  updateId: string,
  request: ReserveRequest,
): Promise<ReserveAnswer> {
  try {
    const credits = await handleOf(client, budget).executeUpdate(budgetMessages.reserve, {
      updateId,
      args: [request],
    });
    return { credits };
  } catch (error) {
    const denial = denialIn(error);
    if (denial !== undefined) return { denial };
    throw error;
  }
}

function denialIn(error: unknown): BudgetDenial | undefined {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure))
    return undefined;
  const details: unknown = error.cause.details?.[0];
  return error.cause.type === BUDGET_DENIED && isDenial(details) ? details : undefined;
}

function isDenial(value: unknown): value is BudgetDenial {
  const { budget, needs, left } = membersOf<BudgetDenial>(value);
  return typeof budget === 'string' && typeof needs === 'number' && typeof left === 'number';
}

/** Tells a budget that an attempt has sent nothing. */
export async function releaseReservation(client: Client, budget: string, release: Release): Promise<void> {
  await handleOf(client, budget).signal(budgetMessages.release, release);
}

/** Tells a budget that a run has ended. */
export async function settleReservation(client: Client, settlement: Settlement): Promise<void> {
  await handleOf(client, settlement.budget).signal(budgetMessages.settle, settlement);
}

/** Tells a budget that it has denied credits in a window. */
export async function reportExceeded(client: Client, budget: string, windowStartMs: number): Promise<void> {
  await handleOf(client, budget).signal(budgetMessages.exceeded, windowStartMs);
}

/** Posts a movie that an audit found without a reservation; a second time changes nothing. */
export async function postFound(
  client: Client,
  budget: string,
  { project, credits, atMs }: { readonly project: string; readonly credits: number; readonly atMs: number },
): Promise<void> {
  await handleOf(client, budget).signal(budgetMessages.postAudited, project, credits, atMs);
}

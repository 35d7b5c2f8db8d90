import { defineSearchAttributeKey } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  BudgetSetting,
  BudgetView,
  Release,
  ReservationView,
  ReserveRequest,
  Settlement,
} from '../render/budget.js';
import type { BudgetRecord } from '../render/budget-record.js';
import type { Decision, DecisionAnswer, DecisionRequest } from '../render/decision.js';
import type { SubmitAnswer } from '../render/outcome.js';
import type { RejectionCode } from '../render/submission.js';

/** Name of the workflow type. With the task queue and these messages it is the contract for clients in any language. */
export const RENDER_MOVIE = 'renderMovie';

/** Name of the workflow type of a second look at a closed render; its argument is `ReviewRequest`. */
export const REVIEW_RENDER = 'reviewRender';

/** Name of the workflow type that keeps the video and sends the events after a render. */
export const AFTER_RENDER = 'afterRender';

/** Name of the workflow type that sends one event while its subject goes on. */
export const ANNOUNCE = 'announce';

/** Argument of `reviewRender`. */
export interface ReviewRequest {
  readonly project: string;
  /** The account that holds it, if the engine knows. */
  readonly account?: string | undefined;
}

/** Name of the workflow type of a budget. */
export const BUDGET = 'budget';

/** Beginning of the workflow ID of a budget; its name follows. */
export const BUDGET_ID_PREFIX = 'renderonce.budget:';

/** Argument of `budget`: nothing at its first start, then what it knew. */
export interface BudgetStart {
  readonly record?: BudgetRecord | undefined;
  /** Reservations after which it continues as a new run. */
  readonly updatesPerRun?: number | undefined;
}

/**
 * Update that reserves credits for a submission and answers with the credits of one. Fails with `BUDGET_DENIED` and a
 * `BudgetDenial`, of which the engine keeps nothing. Its ID is `reserve:<first run of the chain>:<number>`.
 */
export const reserveCredits = defineUpdate<number, [ReserveRequest]>('reserveCredits');

/** Type of the failure that denies credits. */
export const BUDGET_DENIED = 'BudgetDenied';

/** Signals that a limit is set; the first one makes the budget. */
export const setBudget = defineSignal<[BudgetSetting]>('setBudget');
/** Signals that an attempt gives its reservation back. */
export const releaseCredits = defineSignal<[Release]>('releaseCredits');
/** Signals that a run has ended. */
export const settleCredits = defineSignal<[Settlement]>('settleCredits');
/** Signals that credits were denied in the window that begins at this time. */
export const budgetExceeded = defineSignal<[windowStartMs: number]>('budgetExceeded');
/** Signals that an audit found a movie that no reservation covers. */
export const postAudited = defineSignal<[project: string, credits: number, atMs: number]>('postAudited');

/** Query for a budget at a time of the caller's clock. */
export const budgetView = defineQuery<BudgetView | undefined, [nowMs: number]>('budgetView');
/** Query for a page of the reservations of a budget. */
export const budgetReservations = defineQuery<ReservationView[], [from: number, limit: number]>(
  'budgetReservations',
);

/** Query for the projects that an audit or a review has posted to a budget. */
export const budgetAudited = defineQuery<readonly string[]>('budgetAudited');

/** Returns the task queue of the checks, looks and probes of a render; only submissions are in its own. */
export function checksQueueOf(taskQueue: string): string {
  return `${taskQueue}.checks`;
}

/** Returns the task queue of copies, whose transfers take long. */
export function keepQueueOf(taskQueue: string): string {
  return `${taskQueue}.keep`;
}

/** Returns the task queue of events; receivers that hang hold no slot of checks or copies. */
export function eventsQueueOf(taskQueue: string): string {
  return `${taskQueue}.events`;
}

/** Update ID of all callers of a run. The engine answers each from the first one's result. */
export const SUBMIT_UPDATE_ID = 'submit';

/** Update that answers with the project when the submission has ended, or fails with one of `FAILURES`. */
export const submitUpdate = defineUpdate<SubmitAnswer>('submit');

/**
 * Update with a person's decision about a submission in doubt. Fails with `DECISION_REFUSED` unless the state is `unknown`
 * or `held`; the same decision again gets the first answer.
 */
export const resolveUpdate = defineUpdate<DecisionAnswer, [DecisionRequest]>('resolveSubmission');

/** Type of the failure that refuses a decision; the render goes on as before. */
export const DECISION_REFUSED = 'DecisionRefused';

/** A webhook delivery. It wakes the workflow; a GET must confirm what it says. */
export interface Hint {
  readonly project: string;
  readonly status?: string;
}

/** Signal that a webhook was delivered. */
export const renderWebhook = defineSignal<[Hint]>('renderWebhook');

/** Types of the failures with which update and workflow end if no outcome exists. */
export const FAILURES = {
  rejected: 'MovieRejected',
  abandoned: 'RenderAbandoned',
  reused: 'IdempotencyKeyReused',
  cancelled: 'RenderCancelled',
} as const;

/** Details that each of these failures carries. */
export interface FailureDetails {
  readonly key: string;
  readonly fingerprint: string;
  readonly caller: string;
  readonly message: string;
  readonly httpStatus?: number;
  /** Project of another movie that the provider holds under the key. */
  readonly project?: string;
  /** The error that a rejection is to callers, if it is not the provider's. */
  readonly code?: RejectionCode;
  /** What people decided about this key, oldest first. */
  readonly decisions?: readonly Decision[];
}

export const RENDER_STATE = defineSearchAttributeKey('RenderState', 'KEYWORD');
export const RENDER_PROJECT = defineSearchAttributeKey('RenderProject', 'KEYWORD');
/** While something is in doubt: the account that may hold it. After acceptance: the account that holds the project. */
export const RENDER_ACCOUNT = defineSearchAttributeKey('RenderAccount', 'KEYWORD');
/** On `afterRender`: `kept` or `lost`. */
export const RENDER_KEPT = defineSearchAttributeKey('RenderKept', 'KEYWORD');

/** The budget of a run, and the credits that it has cost; set when the run ends. */
export const RENDER_BUDGET = defineSearchAttributeKey('RenderBudget', 'KEYWORD');
export const RENDER_CREDITS = defineSearchAttributeKey('RenderCredits', 'INT');

/** Search attributes that `setup` and the embedded engine register. */
export const SEARCH_ATTRIBUTES = {
  RenderState: 'Keyword',
  RenderProject: 'Keyword',
  RenderAccount: 'Keyword',
  RenderKept: 'Keyword',
  RenderBudget: 'Keyword',
  RenderCredits: 'Int',
} as const;

/** Header of a trace's context, under the name that Temporal's tracing interceptors use in every language. */
export const TRACE_HEADER = '_tracer-data';

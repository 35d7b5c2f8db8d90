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

/** Names of the workflow types. With the task queue and the messages they are the contract for clients in any language. */
export const WORKFLOWS = {
  /** Renders one movie under one key. */
  render: 'renderMovie',
  /** Looks at a closed render a second time; its argument is `ReviewRequest`. */
  review: 'reviewRender',
  /** Keeps the video and sends the events after a render. */
  after: 'afterRender',
  /** Sends one event while its subject goes on. */
  announce: 'announce',
} as const;

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

/** Type of the failure that denies credits. */
export const BUDGET_DENIED = 'BudgetDenied';

/** Messages of a budget. */
export const budgetMessages = {
  /**
   * Update that reserves credits for a submission and answers with the credits of one. Fails with `BUDGET_DENIED` and a
   * `BudgetDenial`, of which the engine keeps nothing. Its ID is `reserve:<first run of the chain>:<number>`.
   */
  reserve: defineUpdate<number, [ReserveRequest]>('reserveCredits'),
  /** Signals that a limit is set; the first one makes the budget. */
  set: defineSignal<[BudgetSetting]>('setBudget'),
  /** Signals that an attempt gives its reservation back. */
  release: defineSignal<[Release]>('releaseCredits'),
  /** Signals that a run has ended. */
  settle: defineSignal<[Settlement]>('settleCredits'),
  /** Signals that credits were denied in the window that begins at this time. */
  exceeded: defineSignal<[windowStartMs: number]>('budgetExceeded'),
  /** Signals that an audit found a movie that no reservation covers. */
  postAudited: defineSignal<[project: string, credits: number, atMs: number]>('postAudited'),
  /** Query for a budget at a time of the caller's clock. */
  view: defineQuery<BudgetView | undefined, [nowMs: number]>('budgetView'),
  /** Query for a page of the reservations of a budget. */
  reservations: defineQuery<ReservationView[], [from: number, limit: number]>('budgetReservations'),
  /** Query for the projects that an audit or a review has posted to a budget. */
  audited: defineQuery<readonly string[]>('budgetAudited'),
} as const;

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

/** Search attributes of runs. */
export const ATTRIBUTES = {
  state: defineSearchAttributeKey('RenderState', 'KEYWORD'),
  project: defineSearchAttributeKey('RenderProject', 'KEYWORD'),
  /** While something is in doubt: the account that may hold it. After acceptance: the account that holds the project. */
  account: defineSearchAttributeKey('RenderAccount', 'KEYWORD'),
  /** On `afterRender`: `kept` or `lost`. */
  kept: defineSearchAttributeKey('RenderKept', 'KEYWORD'),
  /** The budget of a run, set when it ends, with the credits that it has cost. */
  budget: defineSearchAttributeKey('RenderBudget', 'KEYWORD'),
  credits: defineSearchAttributeKey('RenderCredits', 'INT'),
} as const;

/** Search attributes that `setup` and the embedded engine register. */
export const SEARCH_ATTRIBUTES = {
  RenderState: 'Keyword',
  RenderProject: 'Keyword',
  RenderAccount: 'Keyword',
  RenderKept: 'Keyword',
  RenderBudget: 'Keyword',
  RenderCredits: 'Int',
} as const;

/**
 * Encodings of payload codecs: `binary/` and a name that the SDK does not use, or a name with `encrypt`. A worker with the
 * codec can read them, so a task that meets one without it fails and is repeated. Any other payload that the data converter
 * cannot read counts as none.
 */
export const CODEC_ENCODINGS = /^binary\/(?!(null|plain|protobuf)$)|encrypt/i;

/** Header of a trace's context, under the name that Temporal's tracing interceptors use in every language. */
export const TRACE_HEADER = '_tracer-data';

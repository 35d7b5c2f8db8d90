import { defineSearchAttributeKey } from '@temporalio/common';
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Decision, DecisionAnswer, DecisionRequest } from '../render/decision.js';
import type { SubmitAnswer } from '../render/outcome.js';

/** The workflow's type name: with the task queue and these messages it is the contract for clients in any language. */
export const RENDER_MOVIE = 'renderMovie';

/** The one update ID that all callers of a run use, so that the engine answers each from the first one's result. */
export const SUBMIT_UPDATE_ID = 'submit';

/** Answers with the project when the submission has ended, whatever the end. */
export const submitUpdate = defineUpdate<SubmitAnswer>('submit');

/**
 * A person's decision about a submission in doubt. Refused, with `DECISION_REFUSED`, unless the state is `unknown` or
 * `held`; the same decision again is answered as the first time.
 */
export const resolveUpdate = defineUpdate<DecisionAnswer, [DecisionRequest]>('resolveSubmission');

/** Type of the failure with which a decision is refused; the render goes on as before. */
export const DECISION_REFUSED = 'DecisionRefused';

/** A webhook delivery: it wakes the workflow and is never believed. */
export interface Hint {
  readonly project: string;
  readonly status?: string;
}

/** A webhook was delivered. */
export const renderWebhook = defineSignal<[Hint]>('renderWebhook');

/** Types of the failures with which update and workflow end where no outcome exists. */
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
  /** What people decided about this key, oldest first. */
  readonly decisions?: readonly Decision[];
}

export const RENDER_STATE = defineSearchAttributeKey('RenderState', 'KEYWORD');
export const RENDER_PROJECT = defineSearchAttributeKey('RenderProject', 'KEYWORD');

/** What must be registered at the engine, for `setup` and for the embedded engine. */
export const SEARCH_ATTRIBUTES = { RenderState: 'Keyword', RenderProject: 'Keyword' } as const;

/** The header in which a trace's context travels, as Temporal's own tracing interceptors name it in every language. */
export const TRACE_HEADER = '_tracer-data';

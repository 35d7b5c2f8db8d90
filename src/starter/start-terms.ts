import type { WorkflowStartOptions } from '@temporalio/client';
import { SUMMARY_BYTES } from '../render/limits.js';
import { labelOf } from '../render/movie.js';
import type { RenderRequest } from '../render/request.js';
import { shorten, utf8Bytes } from '../render/text.js';
import { RENDER_STATE, SUBMIT_UPDATE_ID } from '../workflows/messages.js';
import type { PreparedCall } from './prepare.js';

/** On what terms a run may be started: as the key's first, or after one that left the key free. */
export interface StartTerms {
  readonly workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY';
  readonly updateId: string;
}

export const FIRST_START: StartTerms = {
  workflowIdReusePolicy: 'REJECT_DUPLICATE',
  updateId: SUBMIT_UPDATE_ID,
};

/**
 * Terms after a run that left the key free. The update ID names that run: all who decided on the same run share one
 * update, and the old run's stored answer is not given again.
 */
export function startAfter(runId: string): StartTerms {
  return { workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY', updateId: `${SUBMIT_UPDATE_ID}:${runId}` };
}

/** The start options for a call on these terms. */
export function startOptions(call: PreparedCall, terms: StartTerms, taskQueue: string) {
  const request: RenderRequest = {
    movie: call.movie,
    fingerprint: call.fingerprint,
    caller: call.caller,
    options: call.options,
  };
  return {
    workflowId: call.key,
    taskQueue,
    args: [request],
    workflowIdReusePolicy: terms.workflowIdReusePolicy,
    memo: { fingerprint: call.fingerprint },
    typedSearchAttributes: [{ key: RENDER_STATE, value: 'submitting' }],
    staticSummary: summaryOf(call),
  } satisfies WorkflowStartOptions;
}

function summaryOf(call: PreparedCall): string {
  const label = labelOf(call.movie);
  const full = `${call.key} · ${label}`;
  return utf8Bytes(full) <= SUMMARY_BYTES ? full : shorten(label, 40);
}

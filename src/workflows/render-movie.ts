import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { OptionsInvalid } from '../render/errors.js';
import { parseOptions, type RenderOptions } from '../render/options.js';
import type { Outcome } from '../render/outcome.js';
import type { RenderRequest } from '../render/request.js';
import { answerOf, failureOf } from './answer.js';
import { awaitOutcome } from './completion.js';
import { Decisions } from './decisions.js';
import { events, sinceStartMs } from './events.js';
import { Hints } from './hints.js';
import { renderWebhook, resolveUpdate, submitUpdate } from './messages.js';
import type { Render } from './render.js';
import { RenderDisplay } from './render-state.js';
import { settleSubmission, type SubmissionEnd } from './submission.js';

/**
 * One render under one key, the workflow ID: submits the movie at most once, answers every caller of update `submit`
 * with the same project, waits for the end, and completes with the outcome. It fails only where nothing was
 * accepted, so that the engine's own status tells whether the key is spent.
 */
export async function renderMovie(request: RenderRequest): Promise<Outcome> {
  const identity = {
    key: workflowInfo().workflowId,
    fingerprint: request.fingerprint,
    caller: request.caller,
  };
  const display = new RenderDisplay();
  const hints = new Hints();
  const decisions = new Decisions(identity.key, display);
  let end: SubmissionEnd | undefined;

  // A cancel while the POST is on its way must not answer a failure for a render that is paid for: nonCancellable.
  setHandler(submitUpdate, () =>
    CancellationScope.nonCancellable(async () => {
      await condition(() => end !== undefined);
      return answerOf(identity, end, decisions.taken);
    }),
  );
  setHandler(resolveUpdate, (given) => decisions.take(given), {
    validator: (given) => decisions.validate(given),
  });
  setHandler(renderWebhook, (hint) => hints.receive(hint));

  const { options, fault } = readOptions(request.options);
  const render: Render = { identity, options, display, hints, decisions };
  end = fault ?? (await settleSubmission(render));
  if (end.end === 'accepted') {
    events.accepted(sinceStartMs());
    const outcome = await awaitOutcome(answerOf(identity, end), end, render);
    const { durationSeconds } = outcome.status === 'done' ? outcome : { durationSeconds: null };
    events.ended(outcome.status, { sinceStartMs: sinceStartMs(), wasAccepted: true, durationSeconds });
    await handlersFinished();
    return outcome;
  }
  events.ended(end.end, { sinceStartMs: sinceStartMs(), wasAccepted: false });
  display.show(end.end === 'reused' ? 'rejected' : end.end, { message: end.message });
  await handlersFinished();
  throw end.end === 'cancelled'
    ? new CancelledFailure(end.message)
    : failureOf(identity, end, decisions.taken);
}

/** Options come from clients in any language; unfit ones are a rejection, before anything is sent. */
function readOptions(given: unknown): { readonly options: RenderOptions; readonly fault?: SubmissionEnd } {
  try {
    return { options: parseOptions(given) };
  } catch (error) {
    if (!(error instanceof OptionsInvalid)) throw error;
    return { options: parseOptions({}), fault: { end: 'rejected', message: error.message } };
  }
}

/** No caller may be left without an answer, also where the run was cancelled. */
function handlersFinished(): Promise<void> {
  return CancellationScope.nonCancellable(() => condition(allHandlersFinished));
}

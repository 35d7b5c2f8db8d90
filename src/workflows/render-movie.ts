import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Decision } from '../render/decision.js';
import { OptionsInvalid } from '../render/errors.js';
import { parseOptions, type RenderOptions } from '../render/options.js';
import type { Outcome, SubmitAnswer } from '../render/outcome.js';
import type { RenderRequest } from '../render/request.js';
import { isJsonObject, membersOf } from '../text/json.js';
import { awaitOutcome } from './await-outcome.js';
import { DecisionQueue } from './decision-queue.js';
import { RenderDisplay } from './display.js';
import type { Accepted, SubmissionEnd } from './ends.js';
import { Following } from './following.js';
import { Hints } from './hints.js';
import {
  checksQueueOf,
  FAILURES,
  type FailureDetails,
  renderWebhook,
  resolveUpdate,
  submitUpdate,
} from './messages.js';
import type { Render } from './render.js';
import { metrics } from './run-metrics.js';
import { Spending } from './spending.js';
import { startAfter } from './start-after.js';
import { submit } from './submit.js';

/**
 * Renders one movie under one key, the workflow ID. Submits the movie at most once, answers every caller of update
 * `submit` with the same project, waits for the end of the render, and completes with the outcome. It fails only if
 * nothing was accepted, so that the engine's own status says if the key is spent.
 */
export async function renderMovie(input: RenderRequest): Promise<Outcome> {
  const { request, fault } = readRequest(input);
  const { workflowId: key, taskQueue } = workflowInfo();
  const identity = { key, fingerprint: request.fingerprint, caller: request.caller };
  const display = new RenderDisplay();
  const hints = new Hints();
  const decisions = new DecisionQueue(identity.key, display);
  let end: SubmissionEnd | undefined;

  // nonCancellable: a cancel during the POST must not answer with a failure for a render that is paid for.
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

  const checksQueue = checksQueueOf(taskQueue);
  const { options } = request;
  const following = new Following(options);
  const spending = new Spending();
  const render: Render = { identity, options, display, hints, decisions, following, spending, checksQueue };
  end = fault ?? (await submit(render));
  return end.end === 'accepted' ? endOfAccepted(end, render) : failWithout(end, render);
}

/** Waits for the end of an accepted render and starts what follows it. */
async function endOfAccepted(end: Accepted, render: Render): Promise<Outcome> {
  const { identity, spending } = render;
  metrics.accepted(sinceStartMs());
  const outcome = await awaitOutcome(answerOf(identity, end), end, render);
  const { durationSeconds } = outcome.status === 'done' ? outcome : { durationSeconds: null };
  metrics.ended(outcome.status, { sinceStartMs: sinceStartMs(), wasAccepted: true, durationSeconds });
  await startAfter(render, outcome, { account: end.account, settlement: spending.settlement('accepted') });
  await handlersFinished();
  return outcome;
}

/** Ends a run under which nothing was accepted, and starts what follows it. @throws ApplicationFailure, CancelledFailure */
async function failWithout(end: Unaccepted, render: Render): Promise<never> {
  const { identity, display, spending, decisions } = render;
  metrics.ended(end.end, { sinceStartMs: sinceStartMs(), wasAccepted: false });
  const status = end.end === 'reused' ? 'rejected' : end.end;
  const budget = spending.budget ?? ('budget' in end ? end.budget : undefined);
  display.show(status, { message: end.message, cost: { credits: undefined, budget } });
  const settlement = spending.settlement(end.end);
  await startAfter(render, { status, ...detailsOf(identity, end, decisions.taken) }, { settlement });
  await handlersFinished();
  throw end.end === 'cancelled'
    ? new CancelledFailure(end.message)
    : failureOf(identity, end, decisions.taken);
}

interface ReadRequest {
  readonly request: Pick<RenderRequest, 'fingerprint' | 'caller'> & { readonly options: RenderOptions };
  readonly fault?: SubmissionEnd;
}

/** Reads the request, which a client in any language may have made. An unusable one is a rejection: nothing is sent. */
function readRequest(given: unknown): ReadRequest {
  const { movie, fingerprint, caller, options } = membersOf<RenderRequest>(given);
  const known = { fingerprint: textOf(fingerprint), caller: textOf(caller) };
  const rejected = (message: string): ReadRequest => ({
    request: { ...known, options: parseOptions({}) },
    fault: { end: 'rejected', message },
  });
  if (!isJsonObject(movie))
    return rejected('the request holds no movie: it is { movie, fingerprint, caller, options }');
  if (known.fingerprint === '') return rejected("the request holds no fingerprint, the movie's SHA-256");
  try {
    return { request: { ...known, options: parseOptions(options) } };
  } catch (error) {
    if (!(error instanceof OptionsInvalid)) throw error;
    return rejected(error.message);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Waits until every caller has an answer, also if the run was cancelled. */
function handlersFinished(): Promise<void> {
  return CancellationScope.nonCancellable(() => condition(allHandlersFinished));
}

type Identity = Pick<FailureDetails, 'key' | 'fingerprint' | 'caller'>;
type Unaccepted = Exclude<SubmissionEnd, { end: 'accepted' }>;

/** Returns the answer of update `submit` at the end of the submission; throws the failure if nothing was accepted. */
function answerOf(
  identity: Identity,
  end: SubmissionEnd | undefined,
  decisions: readonly Decision[] = [],
): SubmitAnswer {
  if (end === undefined) throw failureOf(identity, { end: 'cancelled', message: 'the run ended early' });
  if (end.end !== 'accepted') throw failureOf(identity, end, decisions);
  return { ...identity, project: end.project, submittedAt: end.submittedAt };
}

/** Returns the failure with which update and workflow end if nothing was accepted. */
function failureOf(
  identity: Identity,
  end: Unaccepted,
  decisions: readonly Decision[] = [],
): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURES[end.end],
    message: end.message,
    nonRetryable: true,
    details: [detailsOf(identity, end, decisions)],
  });
}

function detailsOf(identity: Identity, end: Unaccepted, decisions: readonly Decision[]): FailureDetails {
  return {
    ...identity,
    message: end.message,
    ...('httpStatus' in end && end.httpStatus !== undefined ? { httpStatus: end.httpStatus } : {}),
    ...('project' in end ? { project: end.project } : {}),
    ...('code' in end && end.code !== undefined ? { code: end.code } : {}),
    ...(decisions.length === 0 ? {} : { decisions }),
  };
}

/** Returns the time since the run began, on the engine's clock. */
function sinceStartMs(): number {
  return Date.now() - workflowInfo().startTime.getTime();
}

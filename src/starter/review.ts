import { type Client, WorkflowFailedError } from '@temporalio/client';
import { assetCreditsOf, quoteMovie } from '../movie/quote.js';
import { EngineUnavailable, ProviderUnavailable, SubmissionPending } from '../render/errors.js';
import { describeReading, type Reading, type Video } from '../render/reading.js';
import type { RenderState } from '../render/state.js';
import { askEngine, callEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, readRunResult, requireCurrentRun } from '../temporal/current-run.js';
import { isDeadline } from '../temporal/engine-errors.js';
import { settleReservation } from '../temporal/budgets.js';
import { readStartedRun } from '../temporal/started-run.js';
import { readNoWorker } from '../temporal/task-queue.js';
import { messageOf, shorten } from '../text/text.js';
import { type ReviewRequest, WORKFLOWS } from '../workflows/messages.js';
import { reactToClosedRun } from './closed-runs.js';

/** A second look at a render. */
export interface Review {
  readonly key: string;
  readonly project: string;
  /** The render's own state, which a review does not change. */
  readonly state: RenderState;
  /** The provider's present answer in words. */
  readonly providerStatus: string;
  /** The video, if the provider has it now. */
  readonly video?: Video;
}

/** One review takes at most three GETs of 40 s. */
const REVIEW_MS = 150_000;

/** Workflow IDs that begin with `renderonce.` are ours; no key does. */
const reviewId = (key: string): string => `renderonce.review:${key}`;

/** Asks the provider once about the project of a key. Calls at the same time share one answer. */
export async function reviewRender(
  client: Client,
  key: string,
  untilMs: number = Date.now() + REVIEW_MS,
): Promise<Review> {
  const run = await askEngine(client, key, () => requireCurrentRun(client, key), untilMs);
  const project = await projectOf(client, key, run);
  const options = {
    workflowId: reviewId(key),
    taskQueue: run.taskQueue,
    args: [{ project, account: run.account }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowExecutionTimeout: '10 minutes',
    staticSummary: `a second look at project ${project}`,
  } as const;
  try {
    const reading = await callEngine(client, key, untilMs, () =>
      client.workflow.execute<(request: ReviewRequest) => Promise<Reading>>(WORKFLOWS.review, options),
    );
    await settleReviewed(client, key, run, reading);
    const video = reading.says === 'done' ? { video: reading.video } : {};
    return { key, project, state: run.state, providerStatus: describeReading(reading), ...video };
  } catch (error) {
    if (error instanceof WorkflowFailedError) {
      const why = error.cause?.cause ?? error.cause;
      throw new ProviderUnavailable(`the provider gave no status: ${shorten(messageOf(why))}`, {
        key,
        project,
      });
    }
    if (!isDeadline(error)) throw error;
    const noWorker = await askEngine(client, key, () =>
      readNoWorker(client, run.taskQueue, { key, project }),
    );
    throw noWorker ?? new EngineUnavailable('the review did not end in time', { key, project });
  }
}

/** Settles what the budget of a closed render holds in doubt, if the provider says now how the render has ended. */
async function settleReviewed(client: Client, key: string, run: CurrentRun, reading: Reading): Promise<void> {
  const { runId, budget, firstRunId, project } = run;
  if (budget === undefined || firstRunId === undefined || run.status === 'running') return;
  const post = await spentBy(client, key, runId, reading);
  if (post === undefined) return;
  const settlement = {
    budget,
    run: firstRunId,
    runId,
    endedAtMs: Date.now(),
    post,
    inDoubt: 'rest',
    project,
  } as const;
  await askEngine(client, key, () => settleReservation(client, settlement));
}

async function spentBy(
  client: Client,
  key: string,
  runId: string,
  reading: Reading,
): Promise<number | undefined> {
  if (reading.says === 'error') {
    const { movie } = await askEngine(client, key, () => readStartedRun(client, { workflowId: key, runId }));
    return movie === undefined ? undefined : assetCreditsOf(quoteMovie(movie));
  }
  if (reading.says !== 'done' || reading.video.durationSeconds === null) return undefined;
  return Math.ceil(reading.video.durationSeconds) + (reading.assetCredits ?? 0);
}

/** Returns the project of a run, or throws the reason why it has none. */
async function projectOf(client: Client, key: string, run: CurrentRun): Promise<string> {
  if (run.project !== undefined) return run.project;
  if (run.status === 'running') throw new SubmissionPending(run.state, { key });
  const result = await askEngine(client, key, () => readRunResult(client, key, run.runId));
  if ('outcome' in result) return result.outcome.project;
  await reactToClosedRun(client, { key }, run);
  throw new SubmissionPending(run.state, { key });
}

import { activityInfo, Context } from '@temporalio/activity';
import type { JsonObject } from '../render/json.js';
import { withMark } from '../render/movie.js';
import { classifySubmission, type Submission, type SubmissionEvidence } from '../render/submission.js';
import { submitBudget } from '../render/submit-budget.js';
import { messageOf } from '../render/text.js';
import { readStartedRun } from '../temporal/started-run.js';
import type { ActivityDependencies } from './dependencies.js';
import { SendingHeartbeats } from './fence.js';

export interface SubmitMovieRequest {
  /** The run in which the provider's list was read before this attempt, where it was. */
  readonly lookedInRun?: string;
}

export interface SubmitMovieResult {
  readonly submission: Submission;
  /** How long the attempt took on the worker's own clock; the settle window is counted with it. */
  readonly elapsedMs: number;
}

/** One attempt to submit the movie of the run that it belongs to; see `SendingHeartbeats` for what guards it. */
export function createSubmitMovie({ json2video, monotonicNow }: ActivityDependencies) {
  return async function submitMovie({ lookedInRun }: SubmitMovieRequest): Promise<SubmitMovieResult> {
    const startedMs = monotonicNow();
    const elapsedMs = (): number => monotonicNow() - startedMs;
    const budget = submitBudget(activityInfo().startToCloseTimeoutMs);
    const movie = await markedMovie(budget.engineCallMs, lookedInRun);
    const evidence = 'from' in movie ? movie : await send(movie.marked);
    return { submission: classifySubmission(evidence), elapsedMs: Math.round(elapsedMs()) };

    async function send(marked: JsonObject): Promise<SubmissionEvidence> {
      const heartbeats = new SendingHeartbeats(Context.current(), budget);
      try {
        return await json2video.submit(marked, {
          connectTimeoutMs: budget.connectMs,
          replyTimeoutMs: budget.replyMs,
          fence: () => heartbeats.fence(),
          mayBegin: () => elapsedMs() < budget.latestBeginMs,
        });
      } finally {
        heartbeats.stop();
      }
    }
  };
}

/** The movie as it is sent, or why nothing is. */
async function markedMovie(
  timeoutMs: number,
  lookedInRun: string | undefined,
): Promise<{ readonly marked: JsonObject } | SubmissionEvidence> {
  const { workflowExecution, attempt } = activityInfo();
  // The engine is told to try once; a second attempt means that somebody changed that, and the first may have sent.
  if (attempt > 1 || !workflowExecution) return { from: 'failure', message: 'an attempt is never repeated' };
  const { client } = Context.current();
  const run = await readStartedRun(client, workflowExecution, timeoutMs).catch(messageOf);
  if (typeof run === 'string') return { from: 'engine', message: run };
  // A reset goes on from a history in which this run's own past submissions may be missing.
  const { runId, workflowId: key } = workflowExecution;
  if (runId !== run.firstRunId && runId !== lookedInRun) {
    return { from: 'failure', message: 'the run was reset: what it sent before is looked up first' };
  }
  const { namespace } = client.options;
  return { marked: withMark(run.movie, { key, fingerprint: run.fingerprint, namespace }) };
}

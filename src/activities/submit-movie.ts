import { activityInfo, Context } from '@temporalio/activity';
import type { JsonObject } from '../text/json.js';
import { withMark } from '../movie/movie.js';
import { parseOptions } from '../render/options.js';
import type { ActivityResults } from '../render/activity-results.js';
import { classifySubmission, type SubmissionEvidence } from '../render/submission.js';
import { submitBudget } from '../render/submit-budget.js';
import { messageOf } from '../text/text.js';
import { wantsWebhook, withWebhook } from '../movie/webhook-destination.js';
import { readStartedRun } from '../temporal/started-run.js';
import type { ActivityDependencies } from './dependencies.js';
import { SendingHeartbeats } from './fence.js';

interface SubmitMovieRequest {
  /** The run that read the provider's list before this attempt; absent if none did. */
  readonly lookedInRun?: string;
}

/** A report may come late, so the token stays valid for a day after the render's time. */
const CALLBACK_MARGIN_MS = 86_400_000;

/** Creates the activity that makes one attempt to submit the movie of its own run. `SendingHeartbeats` guards it. */
export function createSubmitMovie({ json2video, monotonicNow, callbackUrl, now }: ActivityDependencies) {
  const reportTo = (key: string, renderTimeoutSeconds: number): string | undefined =>
    callbackUrl?.(key, new Date(now() + renderTimeoutSeconds * 1_000 + CALLBACK_MARGIN_MS));

  return async function submitMovie({
    lookedInRun,
  }: SubmitMovieRequest): Promise<ActivityResults['submitMovie']> {
    const startedMs = monotonicNow();
    const startedAtMs = now();
    const elapsedMs = (): number => monotonicNow() - startedMs;
    // The monotonic clock stands still while a machine is suspended; the wall clock may be set. Each can forbid the POST.
    const isBefore = (ms: number): boolean => elapsedMs() < ms && now() - startedAtMs < ms;
    const budget = submitBudget(activityInfo().startToCloseTimeoutMs);
    const outgoing = await outgoingMovie(budget.engineCallMs, lookedInRun, reportTo);
    const evidence = 'from' in outgoing ? outgoing : await send(outgoing.movie);
    return {
      submission: classifySubmission(evidence),
      elapsedMs: Math.round(elapsedMs()),
      webhook: 'webhook' in outgoing && outgoing.webhook,
    };

    async function send(marked: JsonObject): Promise<SubmissionEvidence> {
      const heartbeats = new SendingHeartbeats(Context.current(), budget);
      try {
        return await json2video.submit(marked, {
          connectTimeoutMs: budget.connectMs,
          replyTimeoutMs: budget.replyMs,
          fence: () => heartbeats.fence(),
          mayBegin: () => isBefore(budget.latestBeginMs),
        });
      } finally {
        heartbeats.stop();
      }
    }
  };
}

type Outgoing = { readonly movie: JsonObject; readonly webhook: boolean } | SubmissionEvidence;

/** Returns the movie with all that is added to it, or the evidence if nothing may be sent. */
async function outgoingMovie(
  timeoutMs: number,
  lookedInRun: string | undefined,
  reportTo: (key: string, renderTimeoutSeconds: number) => string | undefined,
): Promise<Outgoing> {
  const { workflowExecution, attempt } = activityInfo();
  // The retry policy allows one attempt. If there is a second one, the policy was changed, and the first may have sent.
  if (attempt > 1 || !workflowExecution) return { from: 'failure', message: 'an attempt is never repeated' };
  const { client } = Context.current();
  const run = await readStartedRun(client, workflowExecution, timeoutMs).catch(messageOf);
  if (typeof run === 'string') return { from: 'engine', message: run };
  // After a reset the history may lack submissions that this run has made.
  const { runId, workflowId: key } = workflowExecution;
  if (runId !== run.firstRunId && runId !== lookedInRun) {
    return { from: 'failure', message: 'the run was reset: what it sent before is looked up first' };
  }
  const { namespace } = client.options;
  const marked = withMark(run.movie, { key, fingerprint: run.fingerprint, namespace });
  const { webhook, renderTimeoutSeconds } = parseOptions(run.options);
  const endpoint = wantsWebhook(run.movie, webhook) ? reportTo(key, renderTimeoutSeconds) : undefined;
  const reporting = endpoint === undefined ? undefined : withWebhook(marked, endpoint);
  return { movie: reporting ?? marked, webhook: reporting !== undefined };
}

import { activityInfo, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Json2Video } from '../json2video/client.js';
import { withMark } from '../movie/movie.js';
import { withTemplateOwn } from '../movie/template.js';
import { withWebhook } from '../movie/webhook-destination.js';
import type { ActivityResults, LookFirst, LookStamp } from '../render/activity-results.js';
import { parseOptions } from '../render/options.js';
import { classifySubmission, type SubmissionEvidence } from '../render/submission.js';
import { submitBudget } from '../render/submit-budget.js';
import { renderIndexOf } from '../temporal/render-index.js';
import { readStartedRun } from '../temporal/started-run.js';
import type { JsonObject } from '../text/json.js';
import { messageOf } from '../text/text.js';
import { DAY_MS } from '../text/time.js';
import { type ActivityDependencies, followedBy } from './dependencies.js';
import { SendingHeartbeats } from './fence.js';
import type { ListLag } from './list-lag.js';
import { IndexLags, lookBeforeSending } from './look-before-sending.js';

interface SubmitMovieRequest {
  /** The look on whose word the movie may be sent; absent if the run made none. */
  readonly looked?: LookStamp | undefined;
}

/** A report may come late, so the token stays valid for a day after the render's time. */
const CALLBACK_MARGIN_MS = DAY_MS;

/** Creates the activity that makes one attempt to submit the movie of its own run. `SendingHeartbeats` guards it. */
export function createSubmitMovie(dependencies: ActivityDependencies, lag: Pick<ListLag, 'accepted'>) {
  const { json2video, monotonicNow, now } = dependencies;
  const { account } = json2video;

  return async function submitMovie(request: SubmitMovieRequest): Promise<ActivityResults['submitMovie']> {
    const startedMs = monotonicNow();
    const startedAtMs = now();
    const elapsedMs = (): number => monotonicNow() - startedMs;
    // The monotonic clock stands still while a machine is suspended; the wall clock may be set. Each can forbid the POST.
    const isBefore = (ms: number): boolean => elapsedMs() < ms && now() - startedAtMs < ms;
    const budget = submitBudget(activityInfo().startToCloseTimeoutMs);
    try {
      const outgoing = await prepare(dependencies, request, budget.preparationMs);
      const evidence = 'movie' in outgoing ? await send(outgoing.movie) : outgoing.evidence;
      const submission = classifySubmission(evidence);
      if (submission.end === 'accepted') lag.accepted(submission.project);
      return {
        submission,
        elapsedMs: Math.round(elapsedMs()),
        account,
        ...followedBy(dependencies),
        ...factsOf(outgoing),
      };
    } catch (error) {
      // A doubt needs the account.
      throw ApplicationFailure.create({ message: messageOf(error), details: [{ account }] });
    }

    async function send(marked: JsonObject): Promise<SubmissionEvidence> {
      const heartbeats = new SendingHeartbeats(Context.current(), budget, account);
      try {
        return await json2video.submit(marked, {
          connectTimeoutMs: budget.connectMs,
          replyTimeoutMs: () => budget.latestReplyMs - elapsedMs(),
          fence: () => heartbeats.fence(),
          mayBegin: () => isBefore(budget.latestBeginMs),
        });
      } finally {
        heartbeats.stop();
      }
    }
  };
}

/** Returns the members of an attempt's result that its preparation decided. */
function factsOf({ webhook = false, lookFirst, remark }: Outgoing) {
  return {
    webhook,
    ...(lookFirst === undefined ? {} : { lookFirst }),
    ...(remark === undefined ? {} : { remark }),
  };
}

type Outgoing =
  | {
      readonly movie: JsonObject;
      readonly webhook: boolean;
      readonly remark?: string;
      readonly lookFirst?: undefined;
    }
  /** Nothing may be sent. */
  | {
      readonly evidence: SubmissionEvidence;
      readonly lookFirst?: LookFirst;
      readonly webhook?: undefined;
      readonly remark?: undefined;
    };

/** Does all that an attempt needs before it connects, within a time. Nothing is sent if a step fails or takes longer. */
async function prepare(
  dependencies: ActivityDependencies,
  request: SubmitMovieRequest,
  timeoutMs: number,
): Promise<Outgoing> {
  // The retry policy allows one attempt. If there is a second one, the policy was changed, and the first may have sent.
  if (activityInfo().attempt > 1) {
    return { evidence: { from: 'failure', message: 'an attempt is never repeated' } };
  }
  try {
    const deadline = Date.now() + timeoutMs;
    return await Context.current().client.withDeadline(deadline, () =>
      outgoingMovie(dependencies, request, deadline),
    );
  } catch (error) {
    const awaited = error instanceof IndexLags ? "the engine's index" : 'the engine';
    return { evidence: { from: 'preparation', waitingFor: awaited, message: messageOf(error) } };
  }
}

/** Returns the movie with all that is added to it, or the look that comes first. */
async function outgoingMovie(
  { json2video, callbackUrl, now, lookFrom, indexOf = renderIndexOf }: ActivityDependencies,
  { looked }: SubmitMovieRequest,
  deadlineMs: number,
): Promise<Outgoing> {
  const { client } = Context.current();
  const { namespace } = client.options;
  const { account } = json2video;
  const { workflowId: key = '', runId = '' } = activityInfo().workflowExecution ?? {};
  const run = await readStartedRun(client, { workflowId: key, runId });
  const { webhook, renderTimeoutSeconds, after } = parseOptions(run.options);
  const { firstRunId, startedAtMs } = run;
  const sender = { key, runId, firstRunId, startedAtMs, after, looked, account };
  const lookFirst = await lookBeforeSending(sender, indexOf(client), lookFrom);
  if (lookFirst !== undefined) {
    const message = whyLookFirst(lookFirst);
    return { evidence: { from: 'failure', message }, lookFirst };
  }
  const reports = callbackUrl !== undefined && webhook !== false;
  // A timer takes whole milliseconds.
  const leftMs = Math.max(1, Math.floor(deadlineMs - Date.now()));
  const completed = await completeFromTemplate(run.movie, reports, json2video.template, leftMs);
  if ('evidence' in completed) return completed;
  const { mayReport, remark } = completed;
  const more = remark === undefined ? {} : { remark };
  const marked = withMark(completed.movie, { key, fingerprint: run.fingerprint, namespace, account });
  if (!reports || !mayReport) return { movie: marked, webhook: false, ...more };
  const expiresAt = new Date(now() + renderTimeoutSeconds * 1_000 + CALLBACK_MARGIN_MS);
  const reporting = withWebhook(marked, callbackUrl(key, expiresAt));
  return { movie: reporting ?? marked, webhook: reporting !== undefined, ...more };
}

function whyLookFirst({ needsPerson, marksSuffice, since }: LookFirst): string {
  if (needsPerson === true) return 'the run was reset: what it sent before may have been accepted';
  if (marksSuffice === true)
    return `the engine was restored to ${since}: what was sent since may have been accepted`;
  return 'another run of this key, which the caller had not seen, may have sent the movie';
}

/** A movie that can be marked, or the evidence if nothing may be sent now. */
type Completed =
  | {
      readonly movie: JsonObject;
      /** False if our webhook would replace the template's own exports. */
      readonly mayReport: boolean;
      /** The reason why the template's own values are lost, for people. */
      readonly remark?: string;
    }
  | { readonly evidence: SubmissionEvidence };

/**
 * Adds to a template render what its template holds, since our mark and our webhook would replace it. If the template
 * cannot be read, the movie is sent with the mark alone, and the POST tells why.
 */
async function completeFromTemplate(
  movie: JsonObject,
  reports: boolean,
  readTemplate: Json2Video['template'],
  timeoutMs: number,
): Promise<Completed> {
  const { template, exports } = movie;
  if (typeof template !== 'string') return { movie, mayReport: true };
  const reading = await readTemplate(template, timeoutMs);
  if ('evidence' in reading) return reading;
  if ('own' in reading) return { movie: withTemplateOwn(movie, reading.own, reports), mayReport: true };
  const remark = `the client-data of template ${template} was replaced, because it could not be read: ${reading.unreadable}`;
  return { movie, mayReport: exports !== undefined, remark };
}

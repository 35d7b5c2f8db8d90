import { activityInfo, Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Json2Video } from '../json2video/client.js';
import { withMark } from '../movie/movie.js';
import { quoteMovie } from '../movie/quote.js';
import { withTemplateOwn } from '../movie/template.js';
import { withWebhook } from '../movie/webhook-destination.js';
import { MovieRejected } from '../render/errors.js';
import type { LookFirst, LookStamp } from '../render/activity-results.js';
import type { Reserved } from '../render/budget.js';
import { parseOptions, type RenderOptions } from '../render/options.js';
import type { SubmissionEvidence } from '../render/submission.js';
import { renderIndexOf } from '../temporal/render-index.js';
import { readStartedRun } from '../temporal/started-run.js';
import type { JsonObject } from '../text/json.js';
import { DAY_MS } from '../text/time.js';
import type { CreditFloor } from './credit-floor.js';
import type { ActivityDependencies } from './dependencies.js';
import { lookBeforeSending } from './look-before-sending.js';
import type { CreditReservations, Spending } from './reserve-credits.js';

export interface SubmitMovieRequest {
  /** The look on whose word the movie may be sent; absent if the run made none. */
  readonly looked?: LookStamp | undefined;
  /** Number of the submission, 1 by default. */
  readonly number?: number | undefined;
  /** Submissions of the run that may be paid, this one included; 1 by default. */
  readonly count?: number | undefined;
  /** True if a budget may hold credits for the run already. */
  readonly mayHold?: boolean | undefined;
}

/** Limits of what is spent; one of each in a worker. */
export interface SpendingLimits {
  readonly reservations: CreditReservations;
  readonly floor: CreditFloor;
}

/** A movie that may be sent. */
interface Outgoing {
  readonly movie: JsonObject;
  readonly webhook: boolean;
  readonly remark?: string;
  /** The credits that are reserved for it, and how to give them back. */
  readonly spending?: { readonly reserved: Reserved; readonly of: Spending };
}

/** Nothing may be sent. */
interface Withheld {
  readonly evidence: SubmissionEvidence;
  readonly lookFirst?: LookFirst;
  /** Set if credits may be reserved all the same: the budget was asked and did not answer. */
  readonly reserved?: Reserved;
}

/** A report may come late, so the token stays valid for a day after the render's time. */
const CALLBACK_MARGIN_MS = DAY_MS;

/** Returns the movie with all that is added to it, for which credits are reserved; or the look that comes first. */
export async function outgoingMovie(
  dependencies: ActivityDependencies,
  { reservations, floor }: SpendingLimits,
  request: SubmitMovieRequest,
  deadlineMs: number,
): Promise<Outgoing | Withheld> {
  const { json2video, lookFrom, indexOf = renderIndexOf } = dependencies;
  const { client } = Context.current();
  const { workflowId: key = '', runId = '' } = activityInfo().workflowExecution ?? {};
  const run = await readRunToSend(client, key, runId);
  const { options, firstRunId, startedAtMs } = run;
  const { looked, number = 1, count = 1, mayHold = false } = request;
  const { account } = json2video;
  const { after } = options;
  const sender = { key, runId, firstRunId, startedAtMs, after, looked, account, deadlineMs };
  const lookFirst = await lookBeforeSending(sender, indexOf(client), lookFrom);
  if (lookFirst !== undefined) {
    const message = whyLookFirst(lookFirst);
    return { evidence: { from: 'failure', message }, lookFirst };
  }
  const isBelow = await floor.evidence(deadlineMs);
  if (isBelow !== undefined) return { evidence: isBelow };
  const { template, ...completed } = await complete(dependencies, key, run, deadlineMs);
  const budget = options.budget ?? dependencies.budget;
  if ('evidence' in completed || budget === undefined) return completed;
  const isOption = options.budget !== undefined;
  const quote = quoteMovie(run.movie, template);
  const spending = { budget, isOption, key, runId, firstRunId, number, count, mayHold, quote };
  const answer = await reservations.reserve(spending, deadlineMs);
  return 'evidence' in answer
    ? answer
    : { ...completed, spending: { reserved: answer.reserved, of: spending } };
}

function whyLookFirst({ needsPerson, marksSuffice, since }: LookFirst): string {
  if (needsPerson === true) return 'the run was reset: what it sent before may have been accepted';
  if (marksSuffice === true)
    return `the engine was restored to ${since}: what was sent since may have been accepted`;
  return 'another run of this key, which the caller had not seen, may have sent the movie';
}

interface RunToSend {
  readonly movie: JsonObject;
  readonly fingerprint: string;
  readonly options: RenderOptions;
  readonly firstRunId: string;
  readonly startedAtMs: number;
}

/** Reads the own run. The workflow has rejected an unusable request before, so that none comes here. */
async function readRunToSend(client: Client, key: string, runId: string): Promise<RunToSend> {
  const { movie, fingerprint, ...run } = await readStartedRun(client, { workflowId: key, runId });
  if (movie === undefined || fingerprint === undefined)
    throw new MovieRejected('the run was started without a usable request', { key });
  return { movie, fingerprint, ...run, options: parseOptions(run.options) };
}

/** Adds template, mark and webhook to a movie. */
async function complete(
  { json2video, callbackUrl, now }: ActivityDependencies,
  key: string,
  { movie, fingerprint, options }: RunToSend,
  deadlineMs: number,
): Promise<(Outgoing | Withheld) & { readonly template?: unknown }> {
  const { namespace } = Context.current().client.options;
  const { account } = json2video;
  const reports = callbackUrl !== undefined && options.webhook !== false;
  // A timer takes whole milliseconds.
  const leftMs = Math.max(1, Math.floor(deadlineMs - Date.now()));
  const completed = await completeFromTemplate(movie, reports, json2video.template, leftMs);
  if ('evidence' in completed) return completed;
  const { mayReport, remark, template } = completed;
  const more = { ...(remark === undefined ? {} : { remark }), template };
  const marked = withMark(completed.movie, { key, fingerprint, namespace, account });
  if (!reports || !mayReport) return { movie: marked, webhook: false, ...more };
  const expiresAt = new Date(now() + options.renderTimeoutSeconds * 1_000 + CALLBACK_MARGIN_MS);
  const reporting = withWebhook(marked, callbackUrl(key, expiresAt));
  return { movie: reporting ?? marked, webhook: reporting !== undefined, ...more };
}

/** A movie that can be marked, or the evidence if nothing may be sent now. */
type Completed =
  | {
      readonly movie: JsonObject;
      /** False if our webhook would replace the template's own exports. */
      readonly mayReport: boolean;
      /** The reason why the template's own values are lost, for people. */
      readonly remark?: string;
      /** The template's movie, for its price. */
      readonly template?: unknown;
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
  if ('own' in reading) {
    const { own, movie: templateMovie } = reading;
    return { movie: withTemplateOwn(movie, own, reports), mayReport: true, template: templateMovie };
  }
  const remark = `the client-data of template ${template} was replaced, because it could not be read: ${reading.unreadable}`;
  return { movie, mayReport: exports !== undefined, remark };
}

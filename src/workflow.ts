/**
 * For workflows of yours: renders a movie within a workflow. Safe in the workflow sandbox; a worker of yours needs the
 * activities of `renderonce/activities`.
 *
 * @module renderonce/workflow
 */
import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { CallerOptions, RenderActivities, RenderFailureDetails } from './callers/contract.js';
import { KeyInvalid, MovieInvalid, OptionsInvalid, type RenderonceError } from './render/errors.js';
import { renderKey as joinParts } from './render/key.js';
import { MOVIE_BYTES } from './render/limits.js';
import type { RenderedMovie } from './render/outcome.js';
import type { MovieInput } from './starter/renders-options.js';
import { isJsonObject } from './text/json.js';
import { messageOf, utf8Bytes } from './text/text.js';

export { nextVersion } from './render/next-version.js';
export type { CallerOptions, MovieInput, RenderedMovie, RenderFailureDetails };

/** Options of `renderOnce`: those of the render, and those of the wait. */
export interface RenderOnceOptions extends CallerOptions {
  /** Longest wait for the video, as long as the render takes by default. A month is fine. The render goes on after it. */
  readonly waitSeconds?: number | undefined;
  /** Task queue of the worker that has the activities; the workflow's own by default. */
  readonly taskQueue?: string | undefined;
}

/** The failure of a render: its details, and the message for people. */
export interface RenderFailure extends RenderFailureDetails {
  readonly message: string;
}

/**
 * Renders a movie under a key, or joins its render, and waits for the video. Adds two activities to the workflow's history,
 * however long the render takes. If the workflow is cancelled, the render goes on.
 *
 * @throws ActivityFailure; `renderFailureOf` reads it. After `waitSeconds` its cause is a TimeoutFailure.
 * @group Start here
 *
 * @example
 * const video = await renderOnce(`order-${id}-thumbnail`, movie);
 */
export async function renderOnce(
  key: string,
  movie: MovieInput,
  options: RenderOnceOptions = {},
): Promise<RenderedMovie> {
  const { waitSeconds, taskQueue, ...ofRender } = options;
  const fault = faultOfOrder(key, { key, movie, ofRender }) ?? faultOfWait(key, waitSeconds);
  if (fault !== undefined) throw failureOf(fault);
  const startedMs = Date.now();
  const activities = (timeout: string, limitMs: number): RenderActivities =>
    proxyActivities<RenderActivities>({
      startToCloseTimeout: timeout,
      retry: { initialInterval: '1s', maximumInterval: '1m' },
      ...(taskQueue === undefined ? {} : { taskQueue }),
      ...(Number.isFinite(limitMs) ? { scheduleToCloseTimeout: Math.max(limitMs, 1) } : {}),
    });
  const limitMs = waitSeconds === undefined ? Number.POSITIVE_INFINITY : waitSeconds * 1_000;
  const ticket = await activities('1m', limitMs).submitRender({ key, movie, options: ofRender });
  return activities('40s', limitMs - (Date.now() - startedMs)).awaitRender(ticket);
}

/** Returns the failure of a render within an error of `renderOnce`; nothing for any other error. */
export function renderFailureOf(error: unknown): RenderFailure | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  const details: unknown = cause.details?.[0];
  return isOfRender(details) && details.code === cause.type
    ? { ...details, message: cause.message }
    : undefined;
}

function isOfRender(details: unknown): details is RenderFailureDetails {
  return isJsonObject(details) && typeof details['code'] === 'string' && typeof details['next'] === 'string';
}

/**
 * Joins the parts of a business event into one key, as `renderKey` of `renderonce` does: `renderKey('order', 12345)` is
 * `order:12345`.
 *
 * @throws ApplicationFailure of type `KeyInvalid`, which ends the workflow: another error would block it
 */
export function renderKey(...parts: (string | number | bigint)[]): string {
  try {
    return joinParts(...parts);
  } catch (error) {
    throw error instanceof KeyInvalid ? failureOf(error) : error;
  }
}

/** The engine ends a workflow with a larger payload, and a worker repeats for ever the task of one that is no JSON. */
function faultOfOrder(key: string, order: unknown): MovieInvalid | undefined {
  try {
    const bytes = utf8Bytes(JSON.stringify(order));
    if (bytes <= MOVIE_BYTES) return undefined;
    return new MovieInvalid(`the movie has ${bytes} bytes, and the limit is ${MOVIE_BYTES}`, { key });
  } catch (error) {
    return new MovieInvalid(`the movie cannot be written as JSON: ${messageOf(error)}`, { key });
  }
}

function faultOfWait(key: string, waitSeconds: number | undefined): OptionsInvalid | undefined {
  if (waitSeconds === undefined || waitSeconds > 0) return undefined;
  return new OptionsInvalid(`waitSeconds is ${waitSeconds}, and must be above 0`, { key });
}

/** Only such a failure ends a step of a workflow. */
function failureOf({ code, message, next, key }: RenderonceError): ApplicationFailure {
  const details: RenderFailureDetails = { code, next, ...(key === undefined ? {} : { key }) };
  return ApplicationFailure.nonRetryable(message, code, details);
}

import type { RenderedMovie } from '../../render/outcome.js';
import type { JsonObject } from '../../text/json.js';
import type { EngineView } from '../views.js';

/** A render with its project, and the movie that its caller submitted. */
export interface ProjectView extends EngineView {
  readonly project: string;
  readonly movie: JsonObject;
}

/**
 * Returns the object `movie` of the provider's answer, from what the engine knows. It leaves out `consumed_credits`, which the
 * engine does not know, and `success` before the end, whose value no page documents.
 */
export function providerMovie(view: ProjectView, format: string | undefined, nowMs: number): JsonObject {
  const { project, movie } = view;
  const clientData = movie['client-data'] ?? {};
  return {
    project,
    ...progressOf(view, nowMs),
    'client-data': clientData,
    ...(format === 'simple' ? {} : { json: JSON.stringify(movie) }),
  };
}

function progressOf(view: EngineView, nowMs: number): JsonObject {
  const { outcome, startedAt, closedAt } = view;
  if (outcome?.status === 'done') return doneOf(outcome, nowMs);
  const none = { url: null, ass: null, created_at: outcome?.submittedAt ?? startedAt };
  if (closedAt === undefined) return { ...goingOnOf(view), ...none, ended_at: null };
  // Timed out and cancelled ones, too: clients know no other end without a video, and would wait for ever.
  const message = outcome?.message ?? view.message ?? `the render is ${view.state}`;
  return { success: false, status: 'error', message, ...none, ended_at: closedAt };
}

/** Reads the provider's status from its description, which begins with the provider's own word and progress. */
function goingOnOf({ providerStatus = 'pending' }: EngineView): JsonObject {
  const [, percent] = /^running (\d+) %/.exec(providerStatus) ?? [];
  return {
    status: /^pending\b/.test(providerStatus) ? 'pending' : 'running',
    message: '',
    ...(percent === undefined ? {} : { progress: Number(percent) }),
  };
}

function doneOf(outcome: RenderedMovie, nowMs: number): JsonObject {
  const { url, subtitlesUrl, expiresAt, renderingSeconds } = outcome;
  const isGone = expiresAt !== null && Date.parse(expiresAt) <= nowMs;
  return {
    success: true,
    status: 'done',
    message: '',
    url: isGone ? null : url,
    ass: isGone ? null : (subtitlesUrl ?? null),
    created_at: outcome.createdAt ?? outcome.submittedAt,
    ended_at: outcome.endedAt,
    duration: outcome.durationSeconds,
    size: outcome.sizeBytes,
    width: outcome.width,
    height: outcome.height,
    ...(renderingSeconds === undefined ? {} : { rendering_time: renderingSeconds }),
  };
}

import type { JsonObject } from './json.js';
import type { Movie } from './movie.js';
import type { ShownState } from './timeline.js';
import { isFileGone } from './timeline.js';

export interface ViewContext {
  readonly nowMs: number;
  /** Where the files are: the fake's own URL and its client folder, without a slash at the end. */
  readonly filesUrl: string;
  /** List mode always carries the submitted movie; single mode unless `format=simple`. */
  readonly withJson: boolean;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** The provider's `movie` object. */
export function movieView(movie: Movie, shown: ShownState, context: ViewContext): JsonObject {
  return {
    ...headOf(movie, shown),
    ...tailOf(movie, shown, context),
    ...(movie.deletedAtMs === undefined ? {} : { deleted_at: iso(movie.deletedAtMs) }),
    'client-data': movie.clientData,
    ...(context.withJson ? { json: movie.json } : {}),
  };
}

/**
 * `success` is the render's, not the call's. Before the end its value is undocumented (`false` here); with a
 * status that nobody documented it is left out, since clients read `false` there as a failure.
 */
function headOf(movie: Movie, shown: ShownState): JsonObject {
  const documented = ['pending', 'running', 'done', 'error', 'timeout'].includes(shown.status);
  return {
    ...(documented ? { success: shown.status === 'done' } : {}),
    status: shown.status,
    message: shown.message,
    project: movie.project,
    created_at: iso(movie.createdAtMs),
  };
}

function tailOf(movie: Movie, shown: ShownState, context: ViewContext): JsonObject {
  const endedAtMs = movie.end?.atMs ?? context.nowMs;
  if (shown.status === 'error') {
    return { url: shown.url ?? null, ass: null, ended_at: iso(endedAtMs), consumed_credits: [] };
  }
  if (shown.status !== 'done') return { url: shown.url ?? null, ass: null, ended_at: null };
  const stem = isFileGone(movie, context.nowMs) ? undefined : `${context.filesUrl}/${movie.stem}`;
  const url = stem === undefined ? null : `${stem}.mp4`;
  return {
    url: shown.url === undefined ? url : shown.url,
    ass: stem === undefined ? null : `${stem}.ass`,
    ended_at: iso(endedAtMs),
    ...facts(movie),
    rendering_time: Math.max(0, Math.round((endedAtMs - movie.startsAtMs) / 1000)),
    consumed_credits: [{ type: 'render', credits: movie.end?.credits ?? 0 }],
  };
}

function facts(movie: Movie): JsonObject {
  const { durationSeconds, width, height } = movie.plan;
  return { duration: durationSeconds, size: movie.sizeBytes, width, height };
}

import type { Site } from '../http/urls.js';
import type { JsonObject } from '../json.js';
import type { Switches } from '../switches.js';
import type { Movie } from './movie.js';
import type { ShownState } from './timeline.js';
import { isFileGone, progressAt } from './timeline.js';

interface ViewContext {
  readonly nowMs: number;
  readonly site: Site;
  readonly switches: Switches;
  /** True in list mode, and in single mode without `format=simple`. */
  readonly withJson: boolean;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Makes the provider's `movie` object. */
export function movieView(movie: Movie, shown: ShownState, context: ViewContext): JsonObject {
  return {
    ...headOf(movie, shown, context),
    ...tailOf(movie, shown, context),
    ...(movie.deletedAtMs === undefined ? {} : { deleted_at: iso(movie.deletedAtMs) }),
    'client-data': movie.clientData,
    ...(context.withJson ? { json: movie.json } : {}),
  };
}

/**
 * Makes the first fields. `success` is the render's, not the call's. Its value before the end is undocumented: a switch.
 * With an undocumented status it is left out, because clients would read `false` as a failure.
 */
function headOf(movie: Movie, shown: ShownState, { switches }: ViewContext): JsonObject {
  const isOver = shown.status === 'done' || shown.status === 'error';
  const isKnown = isOver || ['pending', 'running', 'timeout'].includes(shown.status);
  const says = isOver || (isKnown && switches.successBeforeEnd === 'false');
  return {
    ...(says ? { success: shown.status === 'done' } : {}),
    status: shown.status,
    message: shown.message,
    project: movie.project,
    created_at: iso(movie.createdAtMs),
  };
}

function tailOf(movie: Movie, shown: ShownState, context: ViewContext): JsonObject {
  const endedAtMs = movie.end?.atMs ?? context.nowMs;
  const url = shown.url ?? null;
  if (shown.status === 'error') {
    return { url, ass: null, ended_at: iso(endedAtMs), consumed_credits: consumed(movie) };
  }
  if (shown.status === 'done') return { ...doneOf(movie, shown, context), ended_at: iso(endedAtMs) };
  const withProgress = context.switches.progress === 'present' && shown.status === 'running';
  const progress = withProgress ? { progress: progressAt(movie, context.nowMs) } : {};
  return { url, ass: null, ended_at: null, ...progress };
}

function doneOf(movie: Movie, shown: ShownState, { nowMs, site, switches }: ViewContext): JsonObject {
  const { file } = movie;
  const isGone = movie.deletedAtMs !== undefined || isFileGone(file, nowMs);
  const urlOf = (ending: string): string | null => (isGone ? null : site.fileUrl(file, ending));
  const { durationSeconds: duration, sizeBytes: size, width, height } = file;
  const renderedMs = (movie.end?.atMs ?? nowMs) - movie.startsAtMs;
  return {
    url: shown.url === undefined ? urlOf('mp4') : shown.url,
    ass: urlOf('ass'),
    ...(switches.progress === 'present' ? { thumbnail: urlOf('png') } : {}),
    duration,
    size,
    width,
    height,
    rendering_time: Math.max(0, Math.round(renderedMs / 1000)),
    consumed_credits: consumed(movie),
  };
}

/** Makes `consumed_credits`: empty for a failed render without assets (observed live); its items are undocumented. */
function consumed({ end, assetCredits }: Movie): JsonObject[] {
  const render = end?.credits ?? 0;
  return [
    ...(render > 0 ? [{ type: 'render', credits: render }] : []),
    ...(assetCredits > 0 ? [{ type: 'assets', credits: assetCredits }] : []),
  ];
}

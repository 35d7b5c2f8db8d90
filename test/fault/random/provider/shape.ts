import type { Habits } from './habits.js';
import { endedAtMs, type Json, type Movie, stateOf } from './movies.js';

/** Form of the two members of a reply that carry the caller's own JSON. */
interface Shape {
  readonly clientData: Habits['listClientData'];
  readonly json: Habits['listJson'];
}

/** A movie as replies show it (3.2). */
export function movieReply(movie: Movie, { clientData, json }: Shape, clockMs: number): Json {
  const { status, message, hasVideo } = stateOf(movie);
  const endedMs = endedAtMs(movie);
  const isOver = Date.now() >= endedMs;
  const sent = movie.submitted['client-data'] ?? {};
  return {
    success: status !== 'error',
    status,
    message,
    project: movie.project,
    url: hasVideo ? videoUrl(movie) : null,
    ass: null,
    created_at: timeText(movie.atMs, clockMs),
    ended_at: isOver ? timeText(endedMs, clockMs) : null,
    duration: hasVideo ? 5 : 0,
    size: hasVideo ? 123_456 : 0,
    width: 1_920,
    height: 1_080,
    rendering_time: isOver ? Math.round((endedMs - movie.atMs) / 1_000) : 0,
    consumed_credits: [],
    ...clientDataMember(clientData, sent),
    ...(json === 'absent'
      ? {}
      : { json: json === 'text' ? JSON.stringify(movie.submitted) : movie.submitted }),
  };
}

function clientDataMember(shape: Shape['clientData'], sent: unknown): Json {
  switch (shape) {
    case 'absent':
      return {};
    case 'object':
      return { 'client-data': sent };
    case 'text':
      return { 'client-data': JSON.stringify(sent) };
    default:
      return { [shape]: sent };
  }
}

export function videoUrl({ project }: Movie): string {
  return `https://assets.json2video.com/clients/trial/renders/2026-11-28-${project}.mp4`;
}

/** A time of the tests' clock, as the provider's own clock has it. */
export function timeText(ms: number, clockMs: number): string {
  return new Date(ms + clockMs).toISOString();
}

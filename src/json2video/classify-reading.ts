import { isJsonObject, type JsonObject, parseJson } from '../text/json.js';
import { MOVIE_BYTES } from '../render/limits.js';
import { withoutMark } from '../movie/movie.js';
import type { Reading } from '../render/reading.js';
import { isAboutAccount } from '../render/submission.js';
import { shorten } from '../text/text.js';
import type { HttpReply } from './http-get.js';
import { assetCreditsIn, singleReply, type MovieReply } from './movie-reply.js';

/** An answer of a cache is of an earlier time: it says nothing of now. */
export const CACHED = 'a cache answers in place of JSON2Video (header Age)';

/** Classifies one status reply. Only a whole, well-formed reply about the movie says anything of the render. */
export function classifyReading(reply: HttpReply): Reading {
  if (reply.isCached === true) return unreadable(CACHED, reply);
  const body = parseJson(reply.body);
  const message = messageIn(body) ?? `HTTP ${reply.status}`;
  if (!isJsonObject(body)) return unreadable(message, reply);
  if (reply.status >= 200 && reply.status < 300) {
    const single = singleReply.safeParse(body);
    const isMovie = single.success && (single.data.movie.status ?? single.data.movie.project) !== null;
    if (isMovie) return readMovie(single.data.movie);
    return isAboutAccount(message) ? unreadable(message, reply) : { says: 'missing', message };
  }
  // Live, an unknown project answers 400 with a leaked TypeError; the documentation promises 404.
  const isAboutProject = (reply.status === 400 || reply.status === 404) && !isAboutAccount(message);
  return isAboutProject ? { says: 'missing', message } : unreadable(message, reply);
}

function unreadable(message: string, reply: HttpReply): Reading {
  return {
    says: 'unreadable',
    message,
    ...(reply.retryAfterMs === undefined ? {} : { retryAfterMs: reply.retryAfterMs }),
  };
}

function readMovie(movie: MovieReply): Reading {
  const message = movie.message === null ? '' : shorten(movie.message);
  switch (movie.status) {
    case 'done':
      return movie.url === null
        ? { says: 'gone', message }
        : { says: 'done', video: videoOf(movie, movie.url), ...assetCreditsOf(movie) };
    case 'error':
      return { says: 'error', message: message || 'the provider gave no reason' };
    case 'timeout':
      return { says: 'timeout', message: message || 'the provider reports a timeout' };
    default:
      return {
        says: 'rendering',
        status: shorten(movie.status ?? 'without a status', 40),
        ...(movie.progress === null ? {} : { progressPercent: movie.progress }),
        ...(message === '' ? {} : { message }),
      };
  }
}

function videoOf(movie: MovieReply, url: string): Extract<Reading, { says: 'done' }>['video'] {
  return {
    url,
    ...(movie.ass === null ? {} : { subtitlesUrl: movie.ass }),
    durationSeconds: movie.duration,
    sizeBytes: movie.size,
    width: movie.width,
    height: movie.height,
    ...(movie.rendering_time === null ? {} : { renderingSeconds: movie.rendering_time }),
    createdAt: movie.created_at,
    endedAt: movie.ended_at,
    clientData: clientDataOf(movie),
  };
}

function assetCreditsOf({ consumed_credits: items }: MovieReply): { readonly assetCredits?: number } {
  const assetCredits = assetCreditsIn(items);
  return assetCredits === undefined ? {} : { assetCredits };
}

/** Returns the caller's own `client-data`. Data that is larger than any movie did not come from a caller. */
function clientDataOf(movie: MovieReply): JsonObject {
  const clientData = withoutMark(movie['client-data']);
  return JSON.stringify(clientData).length > MOVIE_BYTES ? {} : clientData;
}

function messageIn(body: unknown): string | undefined {
  if (!isJsonObject(body)) return undefined;
  const text = [body['message'], body['error']].find((value) => typeof value === 'string' && value !== '');
  return typeof text === 'string' ? shorten(text) : undefined;
}

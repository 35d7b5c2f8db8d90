import type { JsonObject } from '../json.js';
import { without } from '../json.js';
import type { Movie } from '../movies/movie.js';
import type { ShownState } from '../movies/timeline.js';
import type { Quirks } from '../quirks.js';

/** The fields that differ between an honest callback and a doctored one. */
export interface PayloadFacts {
  readonly project: string;
  readonly url: string;
  readonly thumbnail: string;
}

type Variant = Quirks['webhookPayload'];

/**
 * The body of a callback; undefined: none is sent. Four shapes are in circulation, P1 to P4 (C5 of docs/fake.md),
 * and the sources disagree about failures: P3's is the only one that says what went wrong.
 */
export function webhookPayload(
  movie: Movie,
  state: ShownState,
  facts: PayloadFacts,
  quirks: Quirks,
): JsonObject | undefined {
  if (state.status !== 'error') return donePayload(quirks.webhookPayload, movie, facts);
  if (quirks.failedWebhook === 'none') return undefined;
  const variant = quirks.failedWebhook === 'P3' ? 'P3' : quirks.webhookPayload;
  return failedPayload(variant, movie, state.message, facts.project);
}

function donePayload(variant: Variant, movie: Movie, facts: PayloadFacts): JsonObject {
  const { url, project, thumbnail } = facts;
  const { durationSeconds: duration, sizeBytes: size } = movie.file;
  const clientData = { 'client-data': movie.clientData };
  switch (variant) {
    case 'P1':
      return flat(movie, facts);
    case 'P1-status':
      return { ...flat(movie, facts), success: true, status: 'done', message: '' };
    case 'P1-extra':
      return { ...flat(movie, facts), event: 'movie.completed', meta: { attempt: 1, tags: ['new'] } };
    case 'P2': {
      const inner = { project, status: 'done', url, thumbnail, duration, size, ...clientData };
      return { success: true, movie: inner };
    }
    case 'P3':
      return { project, status: 'done', url, duration, size, ...clientData };
    case 'P4':
      return without(flat(movie, facts), ['client-data']);
    case 'P4-no-id':
      return without(flat(movie, facts), ['client-data', 'id']);
  }
}

function failedPayload(variant: Variant, movie: Movie, message: string, project: string): JsonObject {
  const failed = { project, status: 'error', message, 'client-data': movie.clientData };
  if (variant === 'P3') return failed;
  if (variant === 'P2') return { success: true, movie: failed };
  // The flat ones have no word for failure: what is missing is the URL.
  const whole = donePayload(variant, movie, { project, url: '', thumbnail: '' });
  const withoutUrl = { ...without(whole, ['url']), duration: '0', size: '0' };
  return variant === 'P1-status' ? { ...withoutUrl, success: false, status: 'error', message } : withoutUrl;
}

/** Numbers as texts, and no status. */
function flat(movie: Movie, { project, url }: PayloadFacts): JsonObject {
  const { width, height, durationSeconds, sizeBytes } = movie.file;
  return {
    width: String(width),
    height: String(height),
    duration: String(durationSeconds),
    size: String(sizeBytes),
    url,
    project,
    id: movie.label,
    'client-data': movie.clientData,
  };
}

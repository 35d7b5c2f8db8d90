import type { JsonObject } from '../json.js';
import { isJsonObject, without } from '../json.js';
import type { Movie } from '../movies/movie.js';
import type { ShownState } from '../movies/timeline.js';
import type { Switches } from '../switches.js';

/** The fields in which a forged callback differs from an honest one. */
export interface PayloadFacts {
  readonly project: string;
  readonly url: string;
  readonly thumbnail: string;
}

type Variant = Switches['webhookPayload'];

/**
 * Makes the payload of a callback; undefined if none is sent. The sources show four shapes, P1 to P4 (C5), and
 * disagree about failures: only P3 carries the reason.
 */
export function webhookPayload(
  movie: Movie,
  state: ShownState,
  facts: PayloadFacts,
  switches: Switches,
): JsonObject | undefined {
  if (state.status !== 'error') return donePayload(switches.webhookPayload, movie, facts);
  if (switches.failedWebhook === 'none') return undefined;
  const variant = switches.failedWebhook === 'P3' ? 'P3' : switches.webhookPayload;
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
  // The flat ones have no field for a failure: they lack the URL.
  const whole = donePayload(variant, movie, { project, url: '', thumbnail: '' });
  const withoutUrl = { ...without(whole, ['url']), duration: '0', size: '0' };
  return variant === 'P1-status' ? { ...withoutUrl, success: false, status: 'error', message } : withoutUrl;
}

/** Makes the flat payload: numbers as texts, and no status. */
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

interface WebhookBody {
  readonly contentType: string;
  readonly text: string;
}

const FORM = 'application/x-www-form-urlencoded';

/** Encodes the payload: as JSON, or as a form if the destination's content type selects it. */
export function webhookBody(
  payload: JsonObject,
  wanted: string | undefined,
  switches: Switches,
): WebhookBody {
  const isForm = wanted === FORM || (wanted === 'urlencoded' && switches.shortContentType === 'honoured');
  if (!isForm) return { contentType: 'application/json', text: JSON.stringify(payload) };
  return { contentType: FORM, text: formEncoded(payload, switches.formClientData) };
}

/** Encodes the same fields as a form. No page documents the form of nested objects. */
function formEncoded(payload: JsonObject, nesting: Switches['formClientData']): string {
  const fields = Object.entries(payload).flatMap(([name, value]): [string, string][] => {
    if (typeof value !== 'object' || value === null) return [[name, String(value)]];
    if (nesting === 'brackets') return bracketed(name, value);
    return [[name, nesting === 'json' ? JSON.stringify(value) : '[object Object]']];
  });
  return new URLSearchParams(fields).toString();
}

/** Writes `client-data[order][id]=1`, as PHP and many others do. */
function bracketed(name: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => bracketed(`${name}[${index}]`, item));
  if (!isJsonObject(value)) return [[name, String(value)]];
  return Object.entries(value).flatMap(([inner, member]) => bracketed(`${name}[${inner}]`, member));
}

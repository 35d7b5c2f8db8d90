import type { JsonObject } from './json.js';
import { isJsonObject, objectsOf, textOf } from './json.js';

/** What reading the body of a submission came to. The messages are the provider's. */
export type MovieReading = { ok: true; movie: JsonObject } | { ok: false; message: string };

export interface WebhookDestination {
  readonly endpoint: string;
  /** Short (`urlencoded`) and full MIME forms are in circulation (C6); both select the form encoding. */
  readonly form: boolean;
}

/** Checks only what the provider checks at once; everything else about a movie comes out at render time. */
export function readMovie(body: string): MovieReading {
  if (body.trim() === '') return { ok: false, message: 'No movie JSON received' };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { ok: false, message: 'Error parsing movie JSON or the movie was empty' };
  }
  if (!isJsonObject(value)) return { ok: false, message: 'No valid movie JSON received' };
  if (Object.keys(value).length === 0) {
    return { ok: false, message: 'Error parsing movie JSON or the movie was empty' };
  }
  if (!Array.isArray(value['scenes']) && textOf(value['template']) === undefined) {
    return { ok: false, message: "Property 'scenes' is required in movie" };
  }
  return { ok: true, movie: value };
}

export function clientDataOf(movie: JsonObject): JsonObject {
  const clientData = movie['client-data'];
  return isJsonObject(clientData) ? clientData : {};
}

/** The key of the mark in `client-data.renderonce`, by which tests tell submissions apart. */
export function markedKey(movie: JsonObject): string | undefined {
  const mark = clientDataOf(movie)['renderonce'];
  return isJsonObject(mark) ? textOf(mark['key']) : undefined;
}

/** Webhooks in the order they are called: every item of `exports`, every destination in it. */
export function webhooksOf(movie: JsonObject): WebhookDestination[] {
  return objectsOf(movie['exports'])
    .flatMap((item) => objectsOf(item['destinations']))
    .flatMap((destination) => {
      const endpoint = textOf(destination['endpoint']);
      if (destination['type'] !== 'webhook' || endpoint === undefined) return [];
      return [{ endpoint, form: textOf(destination['content-type'])?.includes('urlencoded') === true }];
    });
}

/** A template render: the template's movie, with what the provider takes from the request when present. */
export function filledTemplate(template: JsonObject, request: JsonObject): JsonObject {
  const fromRequest = ['resolution', 'width', 'height', 'quality', 'exports', 'client-data', 'id'];
  const overrides = fromRequest.filter((name) => request[name] !== undefined);
  return { ...template, ...Object.fromEntries(overrides.map((name) => [name, request[name]])) };
}

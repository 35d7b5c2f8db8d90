import type { JsonObject } from '../json.js';
import { textOf } from '../json.js';
import type { Switches } from '../switches.js';
import { MAX_SIDE_PIXELS, MIN_SIDE_PIXELS, PRESETS } from './frame-size.js';
import type { Fields } from './field-types.js';
import { fieldFault, missing, numberIn } from './field-types.js';

/** Frames per second that the provider renders, at most. */
const MAX_FPS = 120;

/** Fields of a movie with a checked type. */
export const MOVIE_FIELDS: Fields = {
  scenes: 'array',
  elements: 'array',
  template: 'string',
  variables: 'object',
  resolution: [...Object.keys(PRESETS), 'custom'],
  width: 'integer',
  height: 'integer',
  quality: ['low', 'medium', 'high'],
  fps: 'integer',
  cache: 'boolean',
  exports: 'array',
};

/** Known fields with any value. Both official SDKs send `project` again with a second render. */
const UNCHECKED = ['client-data', 'id', 'comment', 'draft', 'settings', 'preload', 'project'];

/**
 * Returns the provider's message about the movie's own fields; undefined if they are right. These are refused at once,
 * in every position of the switch `validation`.
 *
 * @param movie as it is rendered: variables may stand for any of its fields
 */
export function movieFault(movie: JsonObject, switches: Switches): string | undefined {
  const isWithoutScenes = movie['scenes'] === undefined && textOf(movie['template']) === undefined;
  const hasOwnElements = switches.missingScenes === 'accepted' && movie['elements'] !== undefined;
  if (isWithoutScenes && !hasOwnElements) return missing('scenes', 'movie');
  for (const [name, type] of Object.entries(MOVIE_FIELDS)) {
    const fault = fieldFault(name, movie[name], type, 'movie');
    if (fault !== undefined) return fault;
  }
  return rangeFault(movie);
}

function rangeFault(movie: JsonObject): string | undefined {
  // Above the maximum it is the plan that says no, with its own message.
  const ranges = { width: MIN_SIDE_PIXELS, height: MIN_SIDE_PIXELS, fps: 1 };
  for (const [name, least] of Object.entries(ranges)) {
    const most = name === 'fps' ? MAX_FPS : MAX_SIDE_PIXELS;
    const value = movie[name];
    if (typeof value !== 'number') continue;
    const isInRange = value >= least && (name !== 'fps' || value <= most);
    if (!isInRange) return `Property '${name}' must be between ${least} and ${most} in movie`;
  }
  return undefined;
}

/** Returns the refusal of the first field without documentation; undefined if there is none, or it does not matter. */
export function unknownKeyFault(movie: JsonObject, switches: Switches): string | undefined {
  if (switches.unknownKeys === 'ignored') return undefined;
  const known = [...Object.keys(MOVIE_FIELDS), ...UNCHECKED];
  const unknown = Object.keys(movie).find((name) => !known.includes(name));
  return unknown === undefined ? undefined : `Property '${unknown}' is not allowed in movie`;
}

/** Reads a width or height that is written as a text: most clients of no-code tools send them so. */
export function withNumbers(movie: JsonObject, switches: Switches): JsonObject {
  if (switches.sidesAsText === 'refused') return movie;
  const sides = ['width', 'height'].filter((name) => typeof movie[name] === 'string');
  return { ...movie, ...Object.fromEntries(sides.map((name) => [name, numberIn(movie[name])])) };
}

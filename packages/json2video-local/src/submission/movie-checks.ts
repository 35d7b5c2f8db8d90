import type { JsonObject } from '../json.js';
import { textOf } from '../json.js';
import type { Switches } from '../switches.js';
import { MAX_SIDE_PIXELS, MIN_SIDE_PIXELS, PRESETS } from './frame-size.js';
import type { Fields } from './field-types.js';
import { fieldFault, missing } from './field-types.js';

/** Frames per second that the provider renders, at most. */
const MAX_FPS = 120;

const FIELDS: Fields = {
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

/** Known too, whatever is in them. */
const UNCHECKED = ['client-data', 'id', 'comment', 'draft', 'settings', 'preload'];

/**
 * The first thing wrong with the movie's own fields, in the provider's words; undefined: nothing. These are
 * refused at once, in every position of the switch `validation`.
 *
 * @param movie as it is rendered: variables may stand for any of its fields
 */
export function movieFault(movie: JsonObject): string | undefined {
  if (movie['scenes'] === undefined && textOf(movie['template']) === undefined) {
    return missing('scenes', 'movie');
  }
  for (const [name, type] of Object.entries(FIELDS)) {
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

/** The first field of a submission that nobody documented; undefined: none, or it does not matter. */
export function unknownKeyFault(movie: JsonObject, switches: Switches): string | undefined {
  if (switches.unknownKeys === 'ignored') return undefined;
  const known = [...Object.keys(FIELDS), ...UNCHECKED];
  const unknown = Object.keys(movie).find((name) => !known.includes(name));
  return unknown === undefined ? undefined : `Property '${unknown}' is not allowed in movie`;
}

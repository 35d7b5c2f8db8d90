import { OptionsInvalid } from '../render/errors.js';
import { isJsonObject, type Json, type JsonObject } from '../text/json.js';
import { shorten } from '../text/text.js';

/** Places that one render may ignore, and the length of each. */
const MAX_POINTERS = 20;
const POINTER_CHARACTERS = 500;

/** Places that tell one movie from another. */
const REFUSED = [[], ['scenes'], ['scenes', '*'], ['template'], ['variables']];

/**
 * Checks the option `ignore`: at most 20 JSON Pointers (RFC 6901), in which `*` stands for any one member or index.
 *
 * @throws OptionsInvalid
 */
export function parseIgnore(given: unknown, key?: string): readonly string[] {
  const about = key === undefined ? {} : { key };
  if (!Array.isArray(given) || given.length > MAX_POINTERS)
    throw new OptionsInvalid(`ignore must be a list of at most ${MAX_POINTERS} JSON Pointers`, about);
  return given.map((pointer: unknown) => {
    const fault = typeof pointer === 'string' ? faultOf(pointer) : 'is not text';
    if (fault === undefined) return String(pointer);
    throw new OptionsInvalid(`ignore: ${shorten(JSON.stringify(pointer) ?? 'a value', 80)} ${fault}`, about);
  });
}

function faultOf(pointer: string): string | undefined {
  const isPointer = pointer === '' || /^(?:\/(?:[^~/]|~[01])*)+$/.test(pointer);
  if (!isPointer) return 'is no JSON Pointer, such as /scenes/*/id';
  if (pointer.length > POINTER_CHARACTERS) return `is longer than ${POINTER_CHARACTERS} characters`;
  const steps = stepsOf(pointer);
  // `*` takes in the refused names, too.
  const isRefused = REFUSED.some(
    (refused) =>
      refused.length === steps.length && refused.every((step, at) => step === steps[at] || steps[at] === '*'),
  );
  return isRefused ? 'would make different movies equal: name a place within it' : undefined;
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * Returns the part of a movie that tells it from others: without the places that the pointers name, and without
 * `client-data` if it then is empty (`{}`, `[]` or null). A place that the movie does not have is no fault.
 */
export function withoutIgnored(movie: JsonObject, ignore: readonly string[]): JsonObject {
  const left = ignore.length === 0 ? movie : without(movie, ignore.map(stepsOf));
  if (!isJsonObject(left)) return movie;
  const { 'client-data': clientData, ...others } = left;
  return isEmpty(clientData) ? others : left;
}

function isEmpty(value: Json | undefined): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

type Steps = readonly string[];

function without(value: Json, places: readonly Steps[]): Json {
  if (places.length === 0) return value;
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, index) => {
      const inner = within(places, String(index));
      return inner === undefined ? [] : [without(item, inner)];
    });
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, child]): [string, Json][] => {
    const inner = within(places, name);
    return inner === undefined ? [] : [[name, without(child, inner)]];
  });
  return Object.fromEntries(members);
}

/** Returns the places within a member; undefined if one of them is the member itself. */
function within(places: readonly Steps[], name: string): readonly Steps[] | undefined {
  const inner = places.filter(([step]) => step === '*' || step === name).map((steps) => steps.slice(1));
  return inner.some((steps) => steps.length === 0) ? undefined : inner;
}

import { createHash } from 'node:crypto';

import type { JsonObject } from '../json.js';
import { isJsonObject, objectsOf, without } from '../json.js';

/** Fields that change neither picture nor sound. Variables are already filled in. */
const IRRELEVANT = ['id', 'comment', 'cache', 'condition', 'variables', 'iterate', 'iterate-as'];
const IRRELEVANT_IN_MOVIE = [...IRRELEVANT, 'client-data', 'exports', 'draft', 'template', 'project'];
/** Fields that every scene depends on. */
const FRAME = ['resolution', 'width', 'height', 'quality', 'fps'];

/** Returns equal texts for movies that look and sound the same. The assets behind their URLs do not count. */
export function movieFingerprint(movie: JsonObject): string {
  const scenes = objectsOf(movie['scenes']).map(relevantScene);
  const elements = objectsOf(movie['elements']).map((element) => without(element, IRRELEVANT));
  return digest({ ...without(movie, IRRELEVANT_IN_MOVIE), scenes, elements });
}

export function sceneFingerprint(movie: JsonObject, scene: JsonObject): string {
  const frame = Object.fromEntries(FRAME.map((name) => [name, movie[name] ?? null]));
  return digest({ frame, scene: relevantScene(scene) });
}

export function assetFingerprint(fields: JsonObject): string {
  return digest(fields);
}

/** True if any part of the movie has `cache: false`; then the movie as a whole is rendered anew. */
export function asksForFresh(movie: JsonObject): boolean {
  return (
    isFresh(movie) ||
    objectsOf(movie['elements']).some(isFresh) ||
    objectsOf(movie['scenes']).some((scene) => isFresh(scene) || objectsOf(scene['elements']).some(isFresh))
  );
}

const isFresh = (part: JsonObject): boolean => part['cache'] === false;

function relevantScene(scene: JsonObject): JsonObject {
  const elements = objectsOf(scene['elements']).map((element) => without(element, IRRELEVANT));
  return { ...without(scene, IRRELEVANT), elements };
}

/** Hashes an object; the order of its members does not matter. */
function digest(value: JsonObject): string {
  const canonical = JSON.stringify(value, (_name, member: unknown) =>
    isJsonObject(member) ? Object.fromEntries(Object.entries(member).toSorted(byName)) : member,
  );
  return createHash('sha256').update(canonical).digest('base64url');
}

const byName = ([one]: [string, unknown], [other]: [string, unknown]): number => (one < other ? -1 : 1);

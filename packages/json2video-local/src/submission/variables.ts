import type { JsonObject } from '../json.js';
import { isJsonObject, objectsOf, textOf } from '../json.js';

/** Scenes that `iterate` may make in one movie: a body of 2 MB must not unfold into gigabytes. */
const MAX_ITERATED_SCENES = 1_000;

/** Characters that the variables of one text may add, for the same reason. */
const MAX_FILLED_TEXT_CHARS = 1_000_000;

/** `{{name}}`: letters, digits and underscore, with dots into objects. */
const PLACEHOLDER = /\{\{\s*(\w+(?:\.\w+)*)\s*\}\}/g;
const WHOLE_PLACEHOLDER = /^\{\{\s*(\w+(?:\.\w+)*)\s*\}\}$/;

/** What is passed on as it is: addresses and business data are nobody's template; scenes are filled one by one. */
const UNTOUCHED = ['client-data', 'exports', 'variables', 'scenes'];

/**
 * The movie as it is rendered: every `{{name}}` replaced, the nearest scope first (element, scene, movie), scenes
 * with `iterate` repeated for each object of the array they name, and what has a false `condition` left out. A
 * text that is nothing but a placeholder takes the variable's type; one without a value becomes empty, silently.
 */
export function withVariables(movie: JsonObject): JsonObject {
  if (!usesVariables(movie)) return movie;
  const scope = scopeOf(movie, {});
  const scenes = unfolded(objectsOf(movie['scenes']), scope)
    .filter(({ scene, scope: inner }) => isWanted(scene, inner))
    .map(({ scene, scope: inner }) => filledPart(scene, inner));
  const whole = filledPart(movie, scope);
  return Array.isArray(movie['scenes']) ? { ...whole, scenes } : whole;
}

function usesVariables(movie: JsonObject): boolean {
  const text = JSON.stringify(movie);
  return text.includes('{{') || text.includes('"iterate"') || text.includes('"condition"');
}

/** A movie or a scene, with its elements: each of those has a scope of its own. */
function filledPart(part: JsonObject, scope: JsonObject): JsonObject {
  const members = Object.entries(part).map(([name, value]): [string, unknown] => {
    if (UNTOUCHED.includes(name)) return [name, value];
    if (name !== 'elements' || !Array.isArray(value)) return [name, filled(value, scope)];
    return [name, filledElements(value, scope)];
  });
  return Object.fromEntries(members);
}

function filledElements(elements: readonly unknown[], scope: JsonObject): unknown[] {
  return elements.flatMap((element) => {
    if (!isJsonObject(element)) return [element];
    const inner = scopeOf(element, scope);
    return isWanted(element, inner) ? [filledPart(element, inner)] : [];
  });
}

interface ScopedScene {
  readonly scene: JsonObject;
  readonly scope: JsonObject;
}

/** Scenes with `iterate` once for each object, up to a limit on all such copies together. */
function unfolded(scenes: readonly JsonObject[], scope: JsonObject): ScopedScene[] {
  let copiesLeft = MAX_ITERATED_SCENES;
  return scenes.flatMap((scene) => {
    const inner = scopeOf(scene, scope);
    const name = textOf(scene['iterate']);
    if (name === undefined) return [{ scene, scope: inner }];
    const items = objectsOf(lookUp(name, inner)).slice(0, copiesLeft);
    copiesLeft -= items.length;
    return items.map((item) => ({ scene, scope: { ...inner, ...item } }));
  });
}

function scopeOf(part: JsonObject, outer: JsonObject): JsonObject {
  const variables = part['variables'];
  return isJsonObject(variables) ? { ...outer, ...variables } : outer;
}

function isWanted(part: JsonObject, scope: JsonObject): boolean {
  if (part['condition'] === undefined) return true;
  const condition = filled(part['condition'], scope);
  return !['', 'false', '0', 'null', 'undefined'].includes(String(condition).trim().toLowerCase());
}

function filled(value: unknown, scope: JsonObject): unknown {
  if (typeof value === 'string') return filledText(value, scope);
  if (Array.isArray(value)) return value.map((item) => filled(item, scope));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member, scope)]));
}

function filledText(text: string, scope: JsonObject): unknown {
  const whole = WHOLE_PLACEHOLDER.exec(text)?.[1];
  if (whole !== undefined) return lookUp(whole, scope) ?? '';
  let left = MAX_FILLED_TEXT_CHARS;
  return text.replaceAll(PLACEHOLDER, (_match, name: string) => {
    const words = wordsOf(lookUp(name, scope)).slice(0, left);
    left -= words.length;
    return words;
  });
}

function wordsOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function lookUp(path: string, scope: JsonObject): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
      scope,
    );
}

import type { JsonObject } from '../json.js';
import { isJsonObject, objectsOf, textOf } from '../json.js';
import { elementKind, SCENE_FIELDS } from './element-fields.js';
import { evaluated } from './expression.js';
import type { LookUp } from './expression.js';
import { isTrue, memberOf, wordsOf } from './expression-values.js';
import type { Fields } from './field-types.js';
import { coerced } from './field-types.js';
import type { AssetSeconds } from './lengths.js';
import { timingOf } from './lengths.js';
import { MOVIE_FIELDS } from './movie-checks.js';

/** Scenes that `iterate` may make in one movie: a body of 2 MB must not unfold into gigabytes. */
const MAX_ITERATED_SCENES = 1_000;

/** Characters that the variables of one text may add, for the same reason. */
const MAX_FILLED_TEXT_CHARS = 1_000_000;

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const WHOLE_PLACEHOLDER = /^\s*\{\{([^{}]*)\}\}\s*$/;

/** Members that keep their text: business data is no template, and scenes are filled one by one. */
const UNTOUCHED = ['client-data', 'variables', 'scenes'];

/** Variables whose texts name variables, one in the other: deeper ones stay as they are written. */
const MAX_NESTED_TEXTS = 5;

/**
 * Fills in a movie: every `{{ … }}` is computed, the nearest scope wins (element, scene, movie), scenes with `iterate`
 * are repeated for each item of their array, and parts with a false `condition` are left out. A text that consists of one
 * placeholder takes its type, or the type of its field. A placeholder without a value becomes empty.
 */
export function withVariables(movie: JsonObject, assets: AssetSeconds = {}): JsonObject {
  if (!usesVariables(movie)) return movie;
  const scope = scopeOf(movie, () => undefined);
  const overlays = new Container(objectsOf(movie['elements']), scope, assets);
  const scenes = unfolded(objectsOf(movie['scenes']), overlays.lookUp)
    .filter(({ scene, lookUp }) => isWanted(scene, lookUp))
    .map(({ scene, lookUp }) => {
      const elements = new Container(objectsOf(scene['elements']), lookUp, assets);
      return { ...filledMembers(scene, elements.lookUp, SCENE_FIELDS), ...elements.asMember(scene) };
    });
  const whole = { ...filledMembers(movie, scope, MOVIE_FIELDS), ...overlays.asMember(movie) };
  return Array.isArray(movie['scenes']) ? { ...whole, scenes } : whole;
}

function usesVariables(movie: JsonObject): boolean {
  const text = JSON.stringify(movie);
  return text.includes('{{') || text.includes('"iterate"') || text.includes('"condition"');
}

const DYNAMIC = /^(\w+)_(start|end|duration|extratime)$/;

/** The elements of a scene or of a movie, which know each other's times as `{id}_start`, `_end`, `_duration`. */
class Container {
  readonly #elements: readonly JsonObject[];
  readonly #outer: LookUp;
  readonly #assets: AssetSeconds;
  readonly #filled = new Map<JsonObject, JsonObject | undefined>();

  constructor(elements: readonly JsonObject[], outer: LookUp, assets: AssetSeconds) {
    this.#elements = elements;
    this.#outer = outer;
    this.#assets = assets;
  }

  /** Looks up a variable, or the time of an element. */
  readonly lookUp: LookUp = (name) => {
    const known = this.#outer(name);
    if (known !== undefined) return known;
    const [, id, what] = DYNAMIC.exec(name) ?? [];
    const element = id === undefined ? undefined : this.#elements.find((each) => each['id'] === id);
    const whole = element === undefined ? undefined : this.#fill(element);
    return whole === undefined ? undefined : this.#timeOf(whole, what);
  };

  /** Returns the elements to render under the name of their member; nothing if the part has no such member. */
  asMember(part: JsonObject): JsonObject {
    if (!Array.isArray(part['elements'])) return {};
    const elements = part['elements'].flatMap((element: unknown) => {
      if (!isJsonObject(element)) return [element];
      return isWanted(element, scopeOf(element, this.lookUp)) ? [this.#fill(element)] : [];
    });
    return { elements };
  }

  #timeOf(element: JsonObject, what: string | undefined): unknown {
    const { start, duration, extra } = timingOf(element, this.#assets);
    if (what === 'start') return start;
    if (what === 'extratime') return extra;
    if (what === 'duration') return duration;
    return duration === undefined ? undefined : start + duration + extra;
  }

  /** Fills in an element once. While it is being filled its own times are unknown. */
  #fill(element: JsonObject): JsonObject | undefined {
    if (this.#filled.has(element)) return this.#filled.get(element);
    this.#filled.set(element, undefined);
    const kind = elementKind(textOf(element['type']) ?? '');
    const whole = filledMembers(element, scopeOf(element, this.lookUp), kind?.fields ?? {});
    this.#filled.set(element, whole);
    return whole;
  }
}

/** Fills in the members of a part, without its elements and scenes. */
function filledMembers(part: JsonObject, lookUp: LookUp, fields: Fields): JsonObject {
  const members = Object.entries(part).map(([name, value]): [string, unknown] => {
    if (UNTOUCHED.includes(name)) return [name, value];
    const filledValue = filled(value, lookUp);
    const isOwn = typeof value === 'string' && value.includes('{{');
    return [name, isOwn ? coerced(filledValue, fields[name]) : filledValue];
  });
  return Object.fromEntries(members);
}

interface ScopedScene {
  readonly scene: JsonObject;
  readonly lookUp: LookUp;
}

/** Repeats scenes with `iterate` for each item, up to a limit on all copies together. */
function unfolded(scenes: readonly JsonObject[], outer: LookUp): ScopedScene[] {
  let copiesLeft = MAX_ITERATED_SCENES;
  return scenes.flatMap((scene) => {
    const lookUp = scopeOf(scene, outer);
    const named = textOf(scene['iterate']);
    if (named === undefined) return [{ scene, lookUp }];
    const found = evaluated(WHOLE_PLACEHOLDER.exec(named)?.[1] ?? named, lookUp);
    const items: unknown[] = found.ok && Array.isArray(found.value) ? found.value.slice(0, copiesLeft) : [];
    copiesLeft -= items.length;
    const as = textOf(scene['iterate-as']) ?? 'item';
    return items.map((item) => ({ scene, lookUp: itemScope(as, item, lookUp) }));
  });
}

/** An item is known by the name of `iterate-as` (`item`), and the members of an object by their own names. */
function itemScope(as: string, item: unknown, outer: LookUp): LookUp {
  return (name) => {
    if (name === as) return item;
    return (isJsonObject(item) ? memberOf(item, name) : undefined) ?? outer(name);
  };
}

function scopeOf(part: JsonObject, outer: LookUp): LookUp {
  const { variables } = part;
  if (!isJsonObject(variables)) return outer;
  return (name) => (Object.hasOwn(variables, name) ? variables[name] : outer(name));
}

/** True unless the part's `condition` is false: an expression, with or without braces, or a text. */
function isWanted(part: JsonObject, lookUp: LookUp): boolean {
  const { condition } = part;
  if (condition === undefined) return true;
  if (typeof condition !== 'string' || condition.includes('{{') || !/[=<>!()]| and | or /.test(condition)) {
    return isTrue(filled(condition, lookUp));
  }
  const result = evaluated(condition, lookUp);
  return !result.ok || isTrue(result.value);
}

function filled(value: unknown, lookUp: LookUp): unknown {
  if (typeof value === 'string') return filledText(value, lookUp);
  if (Array.isArray(value)) return value.map((item) => filled(item, lookUp));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member, lookUp)]));
}

/** Computes the placeholders of a text; a variable may hold placeholders itself. */
function filledText(text: string, lookUp: LookUp): unknown {
  let result: unknown = text;
  for (let depth = 0; depth < MAX_NESTED_TEXTS; depth += 1) {
    if (typeof result !== 'string' || !result.includes('{{')) return result;
    const before = result;
    result = filledOnce(before, lookUp);
    if (result === before) return result;
  }
  return result;
}

function filledOnce(text: string, lookUp: LookUp): unknown {
  const whole = WHOLE_PLACEHOLDER.exec(text)?.[1];
  if (whole !== undefined) {
    const result = evaluated(whole, lookUp);
    return result.ok ? (result.value ?? '') : text;
  }
  let left = MAX_FILLED_TEXT_CHARS;
  return text.replaceAll(PLACEHOLDER, (written, expression: string): string => {
    const result = evaluated(expression, lookUp);
    const words = (result.ok ? wordsOf(result.value) : written).slice(0, left);
    left -= words.length;
    return words;
  });
}

import { isJsonObject, type Json, type JsonObject } from '../text/json.js';
import { UNRESOLVED } from './public-url.js';

/** Finds the value of a variable; undefined if only the render knows it. */
type LookUp = (name: string) => Json | undefined;

/** The variables at one place of a movie: one look-up, or within a repeated scene one for each item. */
export type Scope = readonly LookUp[];

/** Variables whose texts name variables; the provider does not document how deep it follows them. */
const NESTED_TEXTS = 5;

/** Movies that take more to fill in than this are refused: no render has as many addresses. */
const MAX_FILLINGS = 100_000;
const MAX_FILLED_CHARACTERS = 10_000_000;

/** `{{name}}`, `{{a.b}}`, `{{a[0].b}}`; other expressions are computed at the render. */
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const PATH = /^\s*\w+(?:\.\w+|\[\d+\])*\s*$/;

/** A movie that takes more work to check than any real one. */
export class Uncheckable extends Error {}

/** Creates the scope of a whole movie, without variables. */
export const NO_VARIABLES: Scope = [() => undefined];

/**
 * Returns the scope within an object: its own `variables` go before those around it, and with `iterate` there is a look-up
 * for each item of the list. Names of an item are its members, and the whole item is `item` or has the name of `iterate-as`.
 */
export function scopeWithin(object: JsonObject, outer: Scope): Scope {
  const { variables, iterate, 'iterate-as': as } = object;
  const own = isJsonObject(variables) ? outer.map((lookUp) => within(variables, lookUp)) : outer;
  if (typeof iterate !== 'string') return own;
  const scopes = own.flatMap((lookUp) => {
    const items = itemsOf(iterate, lookUp) ?? [];
    if (items.length === 0) return [lookUp];
    return items.map((item: Json) => itemLookUp(typeof as === 'string' ? as : 'item', item, lookUp));
  });
  if (scopes.length > MAX_FILLINGS) throw new Uncheckable('repeats a scene too often');
  return scopes;
}

/** Returns the list that an `iterate` names; undefined if it names none that is known before the render. */
export function itemsOf(iterate: string, lookUp: LookUp): readonly Json[] | undefined {
  const items = valueOf(iterate.replace(/^\s*\{\{|\}\}\s*$/g, ''), lookUp);
  return Array.isArray(items) ? items : undefined;
}

function within(variables: JsonObject, outer: LookUp): LookUp {
  return (name) => (Object.hasOwn(variables, name) ? variables[name] : outer(name));
}

function itemLookUp(as: string, item: Json, outer: LookUp): LookUp {
  const inner = isJsonObject(item) ? within(item, outer) : outer;
  return (name) => (name === as ? item : inner(name));
}

/** Counts what is filled in, over a whole movie. */
export class Filler {
  #fillings = 0;
  #characters = 0;

  /**
   * Returns a text with its variables filled in, once for each look-up of the scope. `UNRESOLVED` stands for what only the
   * render knows.
   *
   * @throws Uncheckable
   */
  fill(text: string, scope: Scope, limit = MAX_FILLED_CHARACTERS): string[] {
    const head = text.slice(0, limit);
    if (!head.includes('{{')) return [head];
    const texts = new Set<string>();
    for (const lookUp of scope) {
      const filled = fillIn(head, lookUp, limit);
      this.#fillings += 1;
      this.#characters += filled.length;
      if (this.#fillings > MAX_FILLINGS || this.#characters > MAX_FILLED_CHARACTERS)
        throw new Uncheckable('has too many variables to be checked');
      texts.add(filled);
    }
    return [...texts];
  }
}

function fillIn(text: string, lookUp: LookUp, limit: number, depth = 0): string {
  let left = limit;
  return text.replaceAll(PLACEHOLDER, (_, name: string) => {
    const [value, inner] = resolved(name, lookUp);
    if (typeof value !== 'string') return isPlain(value) ? String(value) : UNRESOLVED;
    const isNested = value.includes('{{');
    if (isNested && depth >= NESTED_TEXTS) return UNRESOLVED;
    const words = isNested ? fillIn(value.slice(0, left), inner, left, depth + 1) : value.slice(0, left);
    left = Math.max(0, left - words.length);
    return words;
  });
}

/** Returns the names in a text that no look-up of the scope knows. Expressions are not names. */
export function unresolvedNames(text: string, scope: Scope): string[] {
  const names = Array.from(text.matchAll(PLACEHOLDER), ([, name = '']) => name.trim());
  const isUnknown = (name: string): boolean =>
    PATH.test(name) && !/^\d+$/.test(name) && scope.some((lookUp) => valueOf(name, lookUp) === undefined);
  return names.filter((name) => !LITERALS.includes(name) && isUnknown(name));
}

/** Words that an expression may consist of and that are no names. */
const LITERALS = ['true', 'false', 'null'];

function isPlain(value: Json | undefined): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

/** Returns the value at a path, with the look-up for names in its text: those of the object around it go first. */
function resolved(path: string, lookUp: LookUp): [Json | undefined, LookUp] {
  if (!PATH.test(path)) return [undefined, lookUp];
  const [first = '', ...members] = path.trim().split(/[.[\]]+/);
  let value = lookUp(first);
  let inner = lookUp;
  for (const member of members.filter((each) => each !== '')) {
    if (isJsonObject(value)) inner = within(value, lookUp);
    value = memberOf(value, member);
  }
  return [value, inner];
}

function valueOf(path: string, lookUp: LookUp): Json | undefined {
  return resolved(path, lookUp)[0];
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(name)];
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

import { isJsonObject, type Json, type JsonObject } from '../text/json.js';
import { UNRESOLVED } from './public-url.js';
import { Filler, type Scope, scopeWithin } from './scope.js';

/** Length of a scene or an element as it is written; `unknown` if only the render knows it. */
type WrittenLength = number | 'absent' | 'natural' | 'container' | 'unknown';

/** No time or side in a movie is larger; sums of such numbers stay finite. */
const MAX_NUMBER = 1e9;

/** Words that a condition takes for false. */
const FALSE_WORDS = ['', 'false', '0', 'null', 'undefined', 'nan'];

/** Reads the members of one movie with its variables filled in. Expressions are computed only by the provider. */
export class MovieValues {
  readonly #filler = new Filler();

  /** Returns a text; empty if it is absent or no text, undefined if only the render knows it. */
  text(value: Json | undefined, scope: Scope): string | undefined {
    if (typeof value !== 'string') return '';
    const [filled = ''] = this.#filler.fill(value, scope);
    return filled.includes(UNRESOLVED) ? undefined : filled;
  }

  /** Returns a number, also one that a variable gives as text; undefined if it is none, or only the render knows it. */
  number(value: Json | undefined, scope: Scope): number | undefined {
    if (typeof value === 'number') return Math.abs(value) <= MAX_NUMBER ? value : undefined;
    // The provider refuses a number that is written as text, but reads a variable as its field's type.
    if (typeof value !== 'string' || !value.includes('{{')) return undefined;
    const text = this.text(value, scope)?.trim() ?? '';
    const number = text === '' ? Number.NaN : Number(text);
    return Math.abs(number) <= MAX_NUMBER ? number : undefined;
  }

  /** Returns a time that is 0 by default, and never negative; undefined if only the render knows it. */
  seconds(value: Json | undefined, scope: Scope): number | undefined {
    if (value === undefined) return 0;
    const seconds = this.number(value, scope);
    return seconds === undefined ? undefined : Math.max(0, seconds);
  }

  /** Returns the `duration` of a scene or an element, in seconds. */
  duration(part: JsonObject, scope: Scope): WrittenLength {
    const { duration } = part;
    if (duration === undefined) return 'absent';
    if (duration === 'auto') return 'natural';
    const seconds = this.number(duration, scope);
    if (seconds === -1) return 'natural';
    if (seconds === -2) return 'container';
    return seconds !== undefined && seconds > 0 ? seconds : 'unknown';
  }

  /** True unless the `condition` of a scene or an element is false; undefined if only the render knows it. */
  isWanted(part: JsonObject, scope: Scope): boolean | undefined {
    const { condition } = part;
    if (condition === undefined) return true;
    if (typeof condition !== 'string') return !FALSE_WORDS.includes(JSON.stringify(condition));
    const text = this.text(condition, scope);
    if (text === undefined || /[=<>!()]| and | or /.test(text)) return undefined;
    return !FALSE_WORDS.includes(text.trim().toLowerCase());
  }
}

/** Returns the scope within an element or a scene, without a repetition. */
export function ownScope(part: JsonObject, outer: Scope): Scope {
  return isJsonObject(part['variables']) ? scopeWithin({ variables: part['variables'] }, outer) : outer;
}

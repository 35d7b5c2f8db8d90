import { isJsonObject, pathSegment, type Json, type JsonObject } from '../text/json.js';
import { assetPlaces } from './asset-urls.js';
import { isRelative, shownAddress, UNRESOLVED } from './public-url.js';
import { Filler, NO_VARIABLES, type Scope, scopeWithin, Uncheckable, unresolvedNames } from './scope.js';

/** A place that the provider will probably not render as meant. */
export interface MovieWarning {
  readonly code:
    | 'voice-text-empty'
    | 'src-empty'
    | 'src-no-url'
    | 'type-unknown'
    | 'name-unknown'
    | 'variable-unresolved'
    | 'url-expires'
    | 'http-asset';
  /** Path in the movie, e.g. `scenes[0].elements[1].text`. */
  readonly path: string;
  readonly message: string;
}

/** Names of a movie's own fields (API page, section 2.1, read November 2026). */
const MOVIE_NAMES =
  'scenes elements template variables resolution width height quality fps cache draft client-data id comment exports settings preload project'.split(
    ' ',
  );

/** Types of elements (API page, section 2.1). */
const ELEMENT_TYPES = 'image video text html component audio voice audiogram subtitles'.split(' ');

/** Elements that need a `src`, unless a `prompt` makes their asset. */
const NEEDS_SRC = ['image', 'video', 'audio'];

/** Members that the provider does not fill in, or in which an unknown variable is meant. */
const NOT_FILLED = ['client-data', 'comment', 'variables', 'condition', 'exports'];

/** Returns the warnings about a movie. Signed URLs must last until `neededUntilMs`. */
export function warningsOf(movie: JsonObject, neededUntilMs: number): MovieWarning[] {
  const names = Object.keys(movie).filter((name) => !MOVIE_NAMES.includes(name));
  const unknown = names.map((name): MovieWarning => {
    const plain = name
      .toLowerCase()
      .replaceAll('_', '-')
      .replace(/^template-?id$/, 'template');
    const meant = MOVIE_NAMES.find((each) => each === plain);
    const hint = meant === undefined ? '' : `: did you mean ${meant}?`;
    return { code: 'name-unknown', path: pathSegment(name, true), message: `is no documented field${hint}` };
  });
  try {
    return [...unknown, ...new Warner(movie).inside(movie), ...assetWarnings(movie, neededUntilMs)];
  } catch (error) {
    if (!(error instanceof Uncheckable)) throw error;
    return unknown;
  }
}

function* assetWarnings(movie: JsonObject, neededUntilMs: number): Generator<MovieWarning> {
  for (const place of assetPlaces(movie)) {
    if (!('address' in place) || place.kind === 'host') continue;
    const { path, address } = place;
    const expiresMs = expiryOfUrl(address);
    if (expiresMs !== undefined && expiresMs < neededUntilMs) {
      const at = new Date(expiresMs).toISOString();
      const message = `is a signed URL that expires at ${at}, before the last try of a submission: ${shownAddress(address)}`;
      yield { code: 'url-expires', path, message };
    }
    if (place.kind === 'source' && !address.includes(UNRESOLVED) && isRelative(address)) {
      const message = `is no URL, so the render fails: ${shownAddress(address)}`;
      yield { code: 'src-no-url', path, message };
    }
    if (/^\s*http:\/\//i.test(address)) {
      yield { code: 'http-asset', path, message: `is not encrypted: ${shownAddress(address)}` };
    }
  }
}

/** Reads a movie with its variables filled in. Recursive: the caller has checked the movie's depth. */
class Warner {
  readonly #filler = new Filler();
  readonly #isTemplate: boolean;
  /** Elements whose times others may name, as `{id}_start` and the like. */
  readonly #ids = new Set<string>();
  /** Assets that are made before the scenes. How scenes name them is documented nowhere in full. */
  readonly #preloads = new Set<string>();

  constructor(movie: JsonObject) {
    this.#isTemplate = typeof movie['template'] === 'string';
    collectIds(movie, this.#ids);
    collectIds(movie['preload'] ?? null, this.#preloads);
  }

  *inside(object: JsonObject, path = '', outer: Scope = NO_VARIABLES): Generator<MovieWarning> {
    const scope = scopeWithin(object, outer);
    const isConditional = object['condition'] !== undefined;
    for (const [name, child] of Object.entries(object)) {
      const place = path + pathSegment(name, path === '');
      if (name === 'elements' && Array.isArray(child)) {
        for (const [index, element] of child.entries())
          if (isJsonObject(element)) yield* this.#ofElement(element, `${place}[${index}]`, scope);
      }
      if (!NOT_FILLED.includes(name) && !isConditional) yield* this.#inValue(child, place, scope);
    }
  }

  *#inValue(value: Json, path: string, scope: Scope): Generator<MovieWarning> {
    if (typeof value === 'string' && !this.#isTemplate) {
      for (const name of this.#unresolved(value, scope)) {
        const message = `names the variable ${name}, which the movie does not have: it is left empty`;
        yield { code: 'variable-unresolved', path, message };
      }
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) yield* this.#inValue(item, `${path}[${index}]`, scope);
    } else if (isJsonObject(value)) yield* this.inside(value, path, scope);
  }

  *#ofElement(element: JsonObject, path: string, outer: Scope): Generator<MovieWarning> {
    const { type, text, src, prompt, condition } = element;
    if (typeof type !== 'string' || !ELEMENT_TYPES.includes(type)) {
      const known = ELEMENT_TYPES.join(', ');
      yield { code: 'type-unknown', path: `${path}.type`, message: `is none of ${known}` };
      return;
    }
    // An element with a condition is left out by it when its text or file is missing.
    if (condition !== undefined) return;
    const scope = scopeWithin(element, outer);
    if (type === 'voice' && this.#isEmpty(text, scope)) {
      const message = 'is empty: the voice fails while rendering, and what was generated before is charged';
      yield { code: 'voice-text-empty', path: `${path}.text`, message };
    }
    // Other elements may do without a `src`, but one that is there is meant.
    const isMeant = NEEDS_SRC.includes(type) || typeof src === 'string';
    if (isMeant && prompt === undefined && this.#isEmpty(src, scope)) {
      yield {
        code: 'src-empty',
        path: `${path}.src`,
        message: 'is empty: the render fails, or leaves the element out',
      };
    }
  }

  /** True if a text has no characters once its variables are filled in, for any item of a repeated scene. */
  #isEmpty(text: Json | undefined, scope: Scope): boolean {
    if (text === undefined || text === null) return !this.#isTemplate;
    if (typeof text !== 'string') return false;
    return this.#filler.fill(text, scope).some((filled) => {
      // A template brings variables of its own, and an expression is computed only by the provider.
      const isKnown =
        !filled.includes(UNRESOLVED) || (!this.#isTemplate && this.#unresolved(text, scope).length > 0);
      return isKnown && filled.replaceAll(UNRESOLVED, '').trim() === '';
    });
  }

  /** Returns the names in a text that nothing in the movie explains. */
  #unresolved(text: string, scope: Scope): string[] {
    return unresolvedNames(text, scope).filter((name) => {
      const [, timed] = /^(\w+)_(?:start|end|duration|extratime)$/.exec(name) ?? [];
      const isTime = timed !== undefined && this.#ids.has(timed);
      return (
        !isTime &&
        ![...this.#preloads].some(
          (id) => name === id || (/^[._[]/.test(name.slice(id.length)) && name.startsWith(id)),
        )
      );
    });
  }
}

function collectIds(value: Json, ids: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (isJsonObject(value) && typeof value['id'] === 'string') ids.add(value['id']);
  for (const child of Object.values(value)) collectIds(child, ids);
}

/** Returns the time at which a signed URL expires, in epoch milliseconds; undefined for other URLs. */
function expiryOfUrl(address: string): number | undefined {
  const query = new URLSearchParams(/\?([^#]*)/.exec(address)?.[1] ?? '');
  const names = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
  const of = (name: string): string => names.get(name) ?? '';
  for (const vendor of ['x-amz', 'x-goog']) {
    const startMs = basicIsoMs(of(`${vendor}-date`));
    const seconds = Number(of(`${vendor}-expires`) || 'none');
    if (startMs !== undefined && Number.isFinite(seconds)) return startMs + seconds * 1_000;
  }
  const isSigned = ['signature', 'sig', 'key-pair-id', 'googleaccessid', 'token', 'hmac'].some((name) =>
    names.has(name),
  );
  if (!isSigned) return undefined;
  // CloudFront, older S3 and others use epoch seconds, Azure an ISO time.
  const seconds = /^\d{9,11}$/.exec(of('expires') || of('exp') || of('expiry'))?.[0];
  if (seconds !== undefined) return Number(seconds) * 1_000;
  const endMs = Date.parse(of('se'));
  return Number.isNaN(endMs) ? undefined : endMs;
}

/** Reads a time such as `20261124T100000Z`. */
function basicIsoMs(text: string): number | undefined {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const ms = Date.parse(iso);
  return iso === text || Number.isNaN(ms) ? undefined : ms;
}

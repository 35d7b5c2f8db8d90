import { MovieInvalid } from '../render/errors.js';
import { isJsonObject, pathSegment, type Json, type JsonObject } from '../text/json.js';
import { URL_HEAD_CHARACTERS, urlFault } from './public-url.js';

/** Rules for the addresses in a movie: the public web only, or any address. */
export const ASSET_RULES = ['public', 'any'] as const;
/** Rule for the addresses in a movie: `public` allows the public web only, `any` every address. */
export type AssetRule = (typeof ASSET_RULES)[number];

/**
 * Refuses a movie that sends the provider to an address that is not http or https, carries credentials, or names a
 * host that is not public. Movies often contain users' text, and the provider fetches their addresses from inside its
 * network. Fills in the movie's own `{{variables}}` first.
 *
 * Does not check the address behind a public name, templates that the provider keeps, or computed expressions.
 *
 * @throws MovieInvalid
 */
export function assertPublicAssets(movie: JsonObject, key: string): void {
  for (const { path, pointer } of pointersIn(movie)) {
    const fault = urlFault(pointer);
    if (fault !== undefined)
      throw new MovieInvalid(`${path} ${fault} (RENDERONCE_ASSETS=any, or assets: 'any', allows it)`, {
        key,
      });
  }
}

/** Fields whose text the provider shows, speaks or keeps, but never fetches. They may name any address. */
const PLAIN_TEXT = ['text', 'comment', 'subject', 'message', 'client-data'];

/** The beginning of an address; other texts with a colon are only text. */
const POINTS = /^(?:https?:|[a-z][a-z0-9+.-]*:[\\/])/i;
const POINTS_IN_HTML = /(?:https?|ftp|file):[\\/]+[^\s"'<>()]+/gi;

interface Pointer {
  /** Path in the movie, e.g. `scenes[0].elements[1].src`. */
  readonly path: string;
  readonly pointer: string;
}

/** Returns all addresses that the provider may follow. Recursive: the caller has checked the movie's depth. */
function* pointersIn(value: Json, path = '', name = '', scope: JsonObject = {}): Generator<Pointer> {
  if (typeof value === 'string') {
    for (const pointer of pointersOf(name, value, scope)) yield { path, pointer };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* pointersIn(item, `${path}[${index}]`, name, scope);
  } else if (isJsonObject(value)) {
    const own = value['variables'];
    const inner = isJsonObject(own) ? { ...scope, ...own } : scope;
    for (const [each, child] of Object.entries(value)) {
      if (!PLAIN_TEXT.includes(each))
        yield* pointersIn(child, path + pathSegment(each, path === ''), each, inner);
    }
  }
}

function pointersOf(name: string, text: string, scope: JsonObject): readonly string[] {
  if (name === 'html') return text.match(POINTS_IN_HTML) ?? [];
  const filled = fillIn(text.trim().slice(0, URL_HEAD_CHARACTERS), scope);
  const mustPoint = name === 'src' && filled !== '' && !filled.includes('{{');
  const points = POINTS.test(filled.replace(/\p{Cc}/gu, '')) && URL.canParse(filled);
  return mustPoint || points ? [filled] : [];
}

/** Fills in the variables that are known here. */
function fillIn(text: string, scope: JsonObject): string {
  return text.replace(/\{\{\s*(\w+(?:\.\w+)*)\s*\}\}/g, (whole, names: string) => {
    let value: Json | undefined = scope;
    for (const name of names.split('.')) {
      value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    }
    if (typeof value === 'number') return String(value);
    return typeof value === 'string' ? value.slice(0, URL_HEAD_CHARACTERS) : whole;
  });
}

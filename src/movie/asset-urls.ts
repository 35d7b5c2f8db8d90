import { MovieInvalid } from '../render/errors.js';
import { isJsonObject, pathSegment, type Json, type JsonObject } from '../text/json.js';
import { URL_HEAD_CHARACTERS, urlFault } from './public-url.js';

/** What a movie may point to: the public web only, or anything. */
export const ASSET_RULES = ['public', 'any'] as const;
/** Which addresses a movie may point to. */
export type AssetRule = (typeof ASSET_RULES)[number];

/**
 * Refuses a movie that sends the provider to an address that is not http or https, carries credentials, or names a
 * host that is not public. Movies often carry users' text, and what they point to is fetched in the provider's
 * network. What `{{variables}}` of the movie itself make of an address is judged as well.
 *
 * Not judged: what a public name resolves to, templates that the provider keeps, and computed expressions.
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

/** Texts that are shown, spoken or kept, never fetched: they may name any address. */
const PLAIN_TEXT = ['text', 'comment', 'subject', 'message', 'client-data'];

/** Begins as an address does; anything else with a colon in it is a text. */
const POINTS = /^(?:https?:|[a-z][a-z0-9+.-]*:[\\/])/i;
const POINTS_IN_HTML = /(?:https?|ftp|file):[\\/]+[^\s"'<>()]+/gi;

interface Pointer {
  /** Where it stands in the movie, e.g. `scenes[0].elements[1].src`. */
  readonly path: string;
  readonly pointer: string;
}

/** All that the provider may follow. Recursive: a movie's depth is checked before. */
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

/** The text with the variables that are known here. */
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

import { MovieInvalid } from '../render/errors.js';
import { isJsonObject, pathSegment, type Json, type JsonObject } from '../text/json.js';
import { addressesInCss } from './css.js';
import { addressesInMarkup } from './markup.js';
import { FAULT_OF, shownAddress, URL_HEAD_CHARACTERS } from './public-url.js';
import { Filler, NO_VARIABLES, type Scope, scopeWithin, Uncheckable } from './scope.js';

/** Rules for the addresses in a movie: the public web only, or any address. */
export const ASSET_RULES = ['public', 'any'] as const;
/** Rule for the addresses in a movie: `public` allows the public web only, `any` every address. */
export type AssetRule = (typeof ASSET_RULES)[number];

/** A fault of a movie: the place, and the reason. */
export interface MovieFault {
  /** Path in the movie, e.g. `scenes[0].elements[1].src`; empty for the whole movie. */
  readonly path: string;
  readonly message: string;
}

/** An address that the provider fetches or connects to. */
interface AssetPlace {
  readonly path: string;
  /** The address with its variables filled in. */
  readonly address: string;
  readonly kind: keyof typeof FAULT_OF;
}

/**
 * Refuses a movie that sends the provider to a host that is not public, or to a `src` that is no ordinary http or https
 * URL. Movies often contain users' text, and the provider fetches their addresses from inside its network. Judges only
 * places from which the provider fetches, with the movie's own `{{variables}}` filled in.
 *
 * Does not check the address behind a public name, templates that the provider keeps, scripts, or computed expressions.
 *
 * @throws MovieInvalid
 */
export function assertPublicAssets(movie: JsonObject, key: string): void {
  for (const { path, message } of assetFaults(movie)) {
    throw new MovieInvalid(
      `${path || 'the movie'} ${message} (RENDERONCE_ASSETS=any, or assets: 'any', allows it)`,
      { key },
    );
  }
}

/** Yields the faults of all addresses in a movie. */
export function* assetFaults(movie: JsonObject): Generator<MovieFault> {
  for (const place of assetPlaces(movie)) {
    if ('message' in place) {
      yield place;
      return;
    }
    const reason = FAULT_OF[place.kind](place.address);
    if (reason !== undefined)
      yield { path: place.path, message: `${reason}: ${shownAddress(place.address)}` };
  }
}

/** Yields all addresses that the provider fetches, and a fault in place of what cannot be read. */
export function* assetPlaces(movie: JsonObject): Generator<AssetPlace | MovieFault> {
  yield* new Finder(movie).placesIn(movie, { path: '', name: '', scope: NO_VARIABLES });
}

/** Members that the provider shows, speaks, keeps or computes with, but never fetches. */
const NEVER_FETCHED =
  'comment id client-data condition iterate iterate-as prompt voice model connection project component type variables'.split(
    ' ',
  );

/** Members whose text is shown. Only markup in it can name an address. */
const SHOWN =
  /^(?:text|headline|title|subtitle|heading|body|label|caption|message|description|quote|author|name|button|placeholder|texts|lines|items)$/i;

const SETTINGS = ['settings', 'model-settings'];

function isFetched(name: string, object: JsonObject): boolean {
  return !NEVER_FETCHED.includes(name) && !(name === 'text' && object['type'] === 'voice');
}

interface At {
  readonly path: string;
  /** Name of the nearest member. */
  readonly name: string;
  readonly scope: Scope;
  /** True within `settings`, whose members have names of their own. */
  readonly isSetting?: boolean;
}

/** Finds the addresses of one movie. Recursive: the caller has checked the movie's depth. */
class Finder {
  readonly #filler = new Filler();
  readonly #isTemplate: boolean;

  constructor(movie: JsonObject) {
    this.#isTemplate = typeof movie['template'] === 'string';
  }

  *placesIn(value: Json, at: At): Generator<AssetPlace | MovieFault> {
    if (typeof value === 'string') yield* this.#inText(value, at);
    else if (Array.isArray(value)) {
      for (const [index, item] of value.entries())
        yield* this.placesIn(item, { ...at, path: `${at.path}[${index}]` });
    } else if (isJsonObject(value)) yield* this.#inObject(value, at);
  }

  *#inObject(object: JsonObject, at: At): Generator<AssetPlace | MovieFault> {
    const scope = this.#bounded(at.path, () => scopeWithin(object, at.scope));
    if ('message' in scope) return yield scope;
    for (const [name, child] of Object.entries(object)) {
      const isSetting = at.isSetting === true || SETTINGS.includes(name);
      const inner = { path: at.path + pathSegment(name, at.path === ''), name, scope, isSetting };
      if (name === 'destinations' && Array.isArray(child)) yield* this.#inDestinations(child, inner);
      else if (name === 'variables' && this.#isTemplate) yield* inVariables(child, inner);
      else if (at.isSetting === true || isFetched(name, object)) yield* this.placesIn(child, inner);
    }
  }

  *#inText(text: string, { path, name, scope }: At): Generator<AssetPlace | MovieFault> {
    const isShown = SHOWN.test(name);
    const mayHold = text.includes('{{');
    if (name === 'html' || mayHold || text.includes('<')) {
      const places = this.#bounded(path, () =>
        this.#filler.fill(text, scope).flatMap((filled) => addressesInMarkup(filled)),
      );
      if ('message' in places) return yield places;
      for (const address of places) yield { path, address, kind: 'fetched' };
    }
    if (name === 'html' || isShown) return;
    const heads = this.#bounded(path, () => this.#filler.fill(text.trim(), scope, URL_HEAD_CHARACTERS));
    if ('message' in heads) return yield heads;
    for (const address of heads) {
      if (name === 'src' && address.trim() === '') continue;
      yield { path, address, kind: name === 'src' ? 'source' : 'value' };
    }
    if (name === 'src' || !(mayHold || /[(@]/.test(text))) return;
    const styles = this.#bounded(path, () =>
      this.#filler.fill(text, scope).flatMap((filled) => addressesInCss(filled)),
    );
    if ('message' in styles) return yield styles;
    for (const address of styles) yield { path, address, kind: 'fetched' };
  }

  /** Judges the hosts of uploads and reports, and nothing else of them: names, passwords and paths are no addresses. */
  *#inDestinations(destinations: readonly Json[], at: At): Generator<AssetPlace | MovieFault> {
    for (const [index, destination] of destinations.entries()) {
      for (const [name, kind] of [
        ['endpoint', 'fetched'],
        ['url', 'fetched'],
        ['host', 'host'],
      ] as const) {
        const value = isJsonObject(destination) ? destination[name] : undefined;
        if (typeof value !== 'string') continue;
        const path = `${at.path}[${index}].${name}`;
        const heads = this.#bounded(path, () => this.#filler.fill(value, at.scope, URL_HEAD_CHARACTERS));
        if ('message' in heads) return yield heads;
        for (const address of heads) yield { path, address, kind };
      }
    }
  }

  /** Returns the result of work that has limits, or the fault if they are exceeded. */
  #bounded<T extends Scope | string[]>(path: string, work: () => T): T | MovieFault {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Uncheckable)) throw error;
      return { path, message: `${error.message}, so it cannot be checked` };
    }
  }
}

/** Yields the variables of a template render that are addresses: the template, which may fetch them, is not known here. */
function* inVariables(value: Json, at: At): Generator<AssetPlace> {
  if (typeof value === 'string') {
    const { path, name } = at;
    if (!SHOWN.test(name)) yield { path, address: value.slice(0, URL_HEAD_CHARACTERS), kind: 'value' };
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value)) {
      const isList = Array.isArray(value);
      const path = isList ? `${at.path}[${name}]` : at.path + pathSegment(name, false);
      yield* inVariables(child, { ...at, path, name: isList ? at.name : name });
    }
  }
}

import { type GeneratedAsset, generatedAsset } from './generated-assets.js';
import { lengthOf, type MovieLength } from './movie-length.js';
import { MovieValues, ownScope } from './movie-values.js';
import { plainJson } from './movie.js';
import { CREDITS_PER_SECOND, FULL_HD } from './prices.js';
import { NO_VARIABLES, Uncheckable } from './scope.js';
import { withTemplate } from './template.js';
import { unfold } from './unfold.js';
import { isJsonObject, isWithinDepth, type JsonObject, parseJson } from '../text/json.js';
import { shorten } from '../text/text.js';

/** Price of a movie before it is sent, if its render ends `done` and nothing of it is in the provider's cache. */
export interface Quote {
  /** Sum of the parts. */
  readonly credits: number;
  /**
   * `exact`: every length is given and nothing is generated. `estimate`: every length is given; the generated assets have
   * prices of the table, and the provider charges fewer if it has them already. `unknown`: `credits` counts what is known.
   */
  readonly bound: 'exact' | 'estimate' | 'unknown';
  readonly parts: readonly QuotePart[];
}

/** The longest movie that is quoted, seconds. Every plan of the provider allows less. */
const MAX_SECONDS = 24 * 3_600;

/**
 * Returns the price of a movie: one credit for each started second, and its generated assets by the provider's table. Reads
 * the movie only: sends nothing, knows no plan, and never throws. A movie that names a `template` is `unknown` unless the
 * template's movie is given as the provider returns it, an object or text.
 *
 * @example
 * const { credits, bound } = quoteMovie(movie);
 */
export function quoteMovie(movie: unknown, template?: unknown): Quote {
  const plain = plainJson(movie);
  if (!isJsonObject(plain) || !isWithinDepth(plain)) return unknownQuote('this is no movie');
  const named = plain['template'];
  if (typeof named !== 'string' || named === '') return quoteOf(plain);
  const own = plainJson(typeof template === 'string' ? parseJson(template) : template);
  const isRead = isJsonObject(own) && isWithinDepth(own);
  if (isRead) return quoteOf(withTemplate(plain, own));
  return unknownQuote(`template ${shorten(named, 40)}, which was not read`, 'template');
}

function quoteOf(movie: JsonObject): Quote {
  try {
    const values = new MovieValues();
    const unfolded = unfold(movie, values);
    const elements = [...unfolded.scenes.flatMap((scene) => scene.elements), ...unfolded.elements];
    const assets = elements.flatMap((element) => generatedAsset(element, values) ?? []);
    return assembled(lengthOf(unfolded, values), assets, isUpToFullHd(movie, values));
  } catch (error) {
    if (!(error instanceof Uncheckable)) throw error;
    return unknownQuote(`the movie ${error.message}`);
  }
}

function assembled(length: MovieLength, assets: readonly GeneratedAsset[], isPriceSure: boolean): Quote {
  const isLengthKnown =
    length.least > 0 && Math.ceil(length.least) === Math.ceil(length.most) && length.most <= MAX_SECONDS;
  const parts = joinedParts([
    renderPart(length, isLengthKnown),
    ...(isPriceSure
      ? []
      : [{ what: 'may be above Full HD, where older price pages name 4 credits a second', credits: 0 }]),
    ...assets.map(({ what, credits = 0, path }) => ({ what, credits, path })),
    ...(isLengthKnown ? [] : length.unknown.map(unknownPart)),
  ]);
  const isKnown = isLengthKnown && assets.every(({ credits }) => credits !== undefined);
  const isExact = assets.length === 0 && isPriceSure;
  return {
    credits: parts.reduce((sum, part) => sum + part.credits, 0),
    bound: isKnown ? (isExact ? 'exact' : 'estimate') : 'unknown',
    parts,
  };
}

function renderPart({ least }: MovieLength, isLengthKnown: boolean): QuotePart {
  const seconds = Math.min(MAX_SECONDS, least);
  const what = `${isLengthKnown ? '' : 'at least '}${seconds} s of video`;
  return { what, credits: Math.ceil(seconds) * CREDITS_PER_SECOND };
}

function unknownPart({ path, what }: MovieLength['unknown'][number]): QuotePart {
  return path === '' ? { what: `the movie ${what}`, credits: 0 } : { what, credits: 0, path };
}

const unknownQuote = (what: string, path?: string): Quote => ({
  credits: 0,
  bound: 'unknown',
  parts: [{ what, credits: 0, ...(path === undefined ? {} : { path }) }],
});

/** Returns the part of a quote for generated assets: the first part is the video. */
export function assetCreditsOf({ parts }: Quote): number {
  return Math.ceil(parts.slice(1).reduce((sum, { credits }) => sum + credits, 0));
}

/** True if all price pages agree about a movie of this size. Every named size is up to Full HD. */
function isUpToFullHd(movie: JsonObject, values: MovieValues): boolean {
  const scope = ownScope(movie, NO_VARIABLES);
  const resolution = values.text(movie['resolution'], scope);
  if (resolution !== undefined && resolution !== '' && resolution !== 'custom') return true;
  // Most no-code tools send the sides as text.
  const sides = [movie['width'], movie['height']].map((side) =>
    side === undefined ? 0 : Number(typeof side === 'string' ? values.text(side, scope) : side),
  );
  const [longer, shorter] = [Math.max(...sides), Math.min(...sides)];
  return longer <= FULL_HD.longer && shorter <= FULL_HD.shorter;
}

/** One part of a quote. */
export interface QuotePart {
  /** A few words for a person, e.g. `image by flux-pro`. They may change. */
  readonly what: string;
  /** 0 for a part that is free, or whose price is not known. */
  readonly credits: number;
  /** Path in the movie, e.g. `scenes[0].elements[1]`; absent for the movie as a whole. */
  readonly path?: string;
}

/** Parts of a quote that are listed one by one; the last of them stands for all others. */
const MAX_PARTS = 100;

/** Joins equal parts of repeated scenes, and those beyond the limit. The sum of the credits stays. */
function joinedParts(parts: readonly QuotePart[]): QuotePart[] {
  const groups = new Map<string, { readonly part: QuotePart; count: number; credits: number }>();
  for (const part of parts) {
    const name = JSON.stringify([part.path, part.what]);
    const group = groups.get(name) ?? { part, count: 0, credits: 0 };
    group.count += 1;
    group.credits += part.credits;
    groups.set(name, group);
  }
  const joined = [...groups.values()].map(({ part, count, credits }) => ({
    ...part,
    ...(count === 1 ? {} : { what: `${count} × ${part.what}` }),
    credits,
  }));
  if (joined.length <= MAX_PARTS) return joined;
  const others = joined.slice(MAX_PARTS - 1);
  const credits = others.reduce((sum, part) => sum + part.credits, 0);
  return [...joined.slice(0, MAX_PARTS - 1), { what: `${others.length} more parts`, credits }];
}

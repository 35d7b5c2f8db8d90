import { pick, type Random } from '../../../support/random.js';
import { between, chance, mostly } from '../draw.js';

/** An HTTP cache in front of the provider: a company's proxy, or the gateway's own. */
export interface CacheHabit {
  readonly ttlMs: number;
  /** True if `cache-control: no-cache` of a request goes past it. */
  readonly obeysNoCache: boolean;
  /** True if a reply that it has kept carries `Age`. */
  readonly tellsAge: boolean;
}

/**
 * Behaviour of one provider, within what the API page leaves open. Each habit names the section of the page; a habit that
 * no section rules out is open.
 */
export interface Habits {
  /** `client-data` of a listed movie: 3.2 says object; 5.2 warns of text, of another spelling, of none. */
  readonly listClientData: 'object' | 'text' | 'client_data' | 'clientData' | 'absent';
  /** `json` of a listed movie: 3.5 says always, 3.2 as text. */
  readonly listJson: 'text' | 'object' | 'absent';
  readonly readClientData: Habits['listClientData'];
  readonly readJson: Habits['listJson'];
  /** `has_next` (3.5); without it `next_token` alone says that the list goes on. */
  readonly hasNext: 'boolean' | 'text' | 'absent';
  readonly lastToken: 'null' | 'empty' | 'absent';
  /** `count` (3.5): of the page, of the whole list, or with movies that the list does not show yet. */
  readonly count: 'page' | 'all' | 'all, with those not listed yet';
  /** The sort order is not documented (3.5). */
  readonly order: 'newest' | 'oldest' | 'project' | 'none';
  /** A movie is listed at most this long after its acceptance (section 10: unknown). */
  readonly listLagMs: number;
  /** A project is readable at most this long after its acceptance (3.4). */
  readonly readLagMs: number;
  /** The month is the default window (3.5), which a provider may keep to. */
  readonly window: 'asked' | 'this month';
  /** The time zone of the list's days is not documented. */
  readonly zoneHours: number;
  /** True if the list begins after the day that `date_start` names. */
  readonly startsAfter: boolean;
  /** Form of `from` and `to` in a list. */
  readonly bounds: 'time' | 'date';
  /** A page holds at most this many movies, also if `limit` asks for more. */
  readonly pageMost: number;
  /** Larger limits end in 502 (7: bodies of 2 MB each). */
  readonly failsAboveLimit: number;
  /** C11. */
  readonly unknownProject: 'leak' | 'not found' | 'empty' | 'error status';
  /** C1. */
  readonly badKeyStatus: 400 | 401 | 403;
  /** C2. */
  readonly faultBody: 'success and message' | 'message' | 'message and code';
  /** Share of GETs that fail in passing (2.5, 8). */
  readonly getFaultShare: number;
  /** Content codings of a proxy on the way; without a request's word for it any coding is acceptable (RFC 9110). */
  readonly encoding: 'none' | 'as asked' | 'gzip unasked';
  readonly cache: CacheHabit | 'none';
  /** Its clock differs from ours (section 10: unknown). */
  readonly clockMs: number;
  /** 5.2. */
  readonly webhookBody: 'P1' | 'P2' | 'P3' | 'P4' | 'form';
  /** C7. */
  readonly webhookOnError: boolean;
}

/** The longest that a list may lag, caches included: the settle window of 30 s must exceed it with a margin. */
export const MOST_LIST_LAG_MS = 18_000;

/** The provider as the page describes it at its plainest. */
const PLAIN: Habits = {
  listClientData: 'object',
  listJson: 'text',
  readClientData: 'object',
  readJson: 'text',
  hasNext: 'boolean',
  lastToken: 'null',
  count: 'page',
  order: 'newest',
  listLagMs: 0,
  readLagMs: 0,
  window: 'asked',
  zoneHours: 0,
  startsAfter: false,
  bounds: 'time',
  pageMost: 100,
  failsAboveLimit: 100,
  unknownProject: 'leak',
  badKeyStatus: 400,
  faultBody: 'success and message',
  getFaultShare: 0,
  encoding: 'none',
  cache: 'none',
  clockMs: 0,
  webhookBody: 'P1',
  webhookOnError: true,
};

export function drawHabits(random: Random): Habits {
  const cache = drawCache(random);
  const isSilentCache = cache !== 'none' && !cache.obeysNoCache && !cache.tellsAge;
  const mostLagMs = MOST_LIST_LAG_MS - (isSilentCache ? cache.ttlMs : 0);
  return {
    listClientData: mostly(random, 'object', ['text', 'client_data', 'clientData', 'absent'], 0.35),
    listJson: mostly(random, 'text', ['object', 'absent']),
    readClientData: mostly(random, 'object', ['text', 'client_data', 'clientData', 'absent']),
    readJson: mostly(random, 'text', ['object', 'absent']),
    hasNext: mostly(random, 'boolean', ['text', 'absent']),
    lastToken: mostly(random, 'null', ['empty', 'absent']),
    count: mostly(random, 'page', ['all', 'all, with those not listed yet']),
    order: pick(random, ['newest', 'oldest', 'project', 'none']),
    listLagMs: chance(random, 0.2) ? 0 : between(random, Math.round(mostLagMs / 2), mostLagMs),
    readLagMs: mostly(random, 0, [1_000, 3_000]),
    window: mostly(random, 'asked', ['this month']),
    zoneHours: mostly(random, 0, [-12, -8, -5, 2, 9, 14], 0.3),
    startsAfter: chance(random, 0.1),
    bounds: mostly(random, 'time', ['date'], 0.4),
    pageMost: mostly(random, 100, [5, 20], 0.4),
    failsAboveLimit: mostly(random, 100, [10, 25]),
    unknownProject: pick(random, ['leak', 'not found', 'empty', 'error status']),
    badKeyStatus: pick(random, [400, 401, 403]),
    faultBody: pick(random, ['success and message', 'message', 'message and code']),
    getFaultShare: pick(random, [0, 0.02, 0.06]),
    encoding: mostly(random, 'as asked', ['none', 'gzip unasked'], 0.4),
    cache,
    clockMs: mostly(random, 0, [-300_000, -60_000, 60_000, 300_000], 0.4),
    webhookBody: pick(random, ['P1', 'P2', 'P3', 'P4', 'form']),
    webhookOnError: chance(random, 0.7),
  };
}

/** A cache that neither obeys nor tells cannot be known from the list's own lag, so that it keeps only for a while. */
function drawCache(random: Random): Habits['cache'] {
  if (!chance(random, 0.3)) return 'none';
  const obeysNoCache = chance(random, 0.6);
  const tellsAge = chance(random, 0.6);
  return {
    obeysNoCache,
    tellsAge,
    ttlMs: obeysNoCache || tellsAge ? between(random, 10, 40) * 1_000 : 5_000,
  };
}

/** Returns the habits that are not the plain ones and matter to a look or a submission, as `name=value`. */
export function oddHabits(habits: Habits): readonly string[] {
  const { cache, ...others } = habits;
  const odd = (Object.keys(others) as (keyof typeof others)[])
    .filter((name) => !LAGS.has(name) && others[name] !== PLAIN[name])
    .map((name) => `${name}=${others[name]}`);
  if (cache === 'none') return odd;
  return [...odd, `cache${cache.obeysNoCache ? ' obeys' : ''}${cache.tellsAge ? ' tells' : ''}`];
}

/** True if a reading of the list is one that can prove something: whole, of the days asked for, new, with marks. */
export function isReadable({ listClientData, listJson, window, startsAfter, count, cache }: Habits): boolean {
  const hasMarks = listClientData !== 'absent' || listJson !== 'absent';
  const isOld = cache !== 'none' && cache.tellsAge && !cache.obeysNoCache;
  const isWhole = count !== 'all, with those not listed yet';
  return hasMarks && window === 'asked' && !startsAfter && isWhole && !isOld;
}

/** Habits that every provider has, more or less. */
const LAGS: ReadonlySet<string> = new Set(['listLagMs', 'readLagMs', 'order']);

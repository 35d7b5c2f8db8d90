import { randomInt } from 'node:crypto';

import { Credits } from './account/credits.js';
import { Keys } from './account/keys.js';
import { Plan } from './account/plan.js';
import { RateLimit } from './account/rate-limit.js';
import { Templates } from './account/templates.js';
import { ScaledClock } from './clock.js';
import { closingController } from './closing.js';
import { EventHub } from './events/event-hub.js';
import { FaultBook } from './faults/fault-book.js';
import { StateScripts } from './faults/state-scripts.js';
import { Site } from './http/site.js';
import { MAX_MOVIES } from './limits.js';
import { MovieStore } from './movies/movie-store.js';
import { RenderCache } from './movies/render-cache.js';
import type { FakeOptions } from './options.js';
import { QuirkSwitches } from './quirk-switches.js';
import type { Random } from './random.js';
import { alphanumeric, seededRandom } from './random.js';
import { Journal } from './records/journal.js';
import { Ledger } from './records/ledger.js';
import type { LedgerEntry } from './records/ledger-entry.js';
import { timeOf } from './records/ledger-entry.js';

/** The parts of one fake that movies are not needed for. */
export interface Ground {
  readonly apiKey: string;
  readonly random: Random;
  readonly clock: ScaledClock;
  readonly quirks: QuirkSwitches;
  readonly keys: Keys;
  readonly credits: Credits;
  readonly plan: Plan;
  readonly rateLimit: RateLimit;
  readonly templates: Templates;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly book: FaultBook;
  readonly scripts: StateScripts;
  readonly cache: RenderCache;
  readonly store: MovieStore;
  readonly events: EventHub;
  readonly site: Site;
  /** Aborted when the fake closes: no exchange goes on after that. */
  readonly closing: AbortController;
  /** Exchanges not over yet; closing waits for them, so that their journal lines are written. */
  readonly exchanges: Set<Promise<void>>;
}

/** @throws RangeError for an option that cannot be used */
export function groundOf(options: FakeOptions, past: readonly LedgerEntry[]): Ground {
  const random = seededRandom(options.seed ?? randomInt(2 ** 32));
  const startAtMs = startOf(options, past);
  const quirks = new QuirkSwitches();
  const book = new FaultBook(random, quirks);
  const apiKey = options.apiKey ?? 'local-key';
  return {
    apiKey,
    random,
    clock: new ScaledClock({ scale: scaleOf(options), startAtMs }),
    quirks,
    keys: new Keys(apiKey, options.keys ?? {}),
    credits: new Credits(options.credits ?? 100_000),
    plan: new Plan(options.plan ?? {}),
    rateLimit: new RateLimit(),
    templates: new Templates(options.templates ?? {}, startAtMs),
    ledger: new Ledger(options.ledgerFile),
    journal: new Journal(options.journalFile),
    book,
    scripts: new StateScripts(book),
    cache: new RenderCache(options.cache ?? true),
    store: new MovieStore(options.maxMovies ?? MAX_MOVIES),
    events: new EventHub(),
    site: new Site(alphanumeric(random, 10)),
    closing: closingController(),
    exchanges: new Set(),
  };
}

/** No earlier than what has happened already. */
function startOf(options: FakeOptions, past: readonly LedgerEntry[]): number {
  const startAtMs = new Date(options.startAt ?? Date.now()).getTime();
  if (Number.isNaN(startAtMs)) throw new RangeError('startAt must be a date: ISO 8601 or milliseconds.');
  return past.reduce((latestMs, entry) => Math.max(latestMs, timeOf(entry)), startAtMs);
}

function scaleOf(options: FakeOptions): number {
  if (options.fixedClock === true) return 0;
  const scale = options.timeScale ?? 1;
  if (!(scale > 0 && scale <= 1_000_000))
    throw new RangeError('timeScale must be above 0, at most 1,000,000.');
  return scale;
}

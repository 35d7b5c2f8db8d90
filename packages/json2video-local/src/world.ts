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
import { Site } from './http/urls.js';
import { Acceptance } from './movies/acceptance.js';
import { Billing } from './movies/billing.js';
import { nameOf } from './movies/movie.js';
import { MovieStore } from './movies/movie-store.js';
import { RenderCache } from './movies/render-cache.js';
import { Renderers } from './movies/renderers.js';
import { Renders } from './movies/renders.js';
import type { FakeOptions } from './options.js';
import { alphanumeric, seededRandom } from './random.js';
import { Journal } from './records/journal.js';
import { Ledger } from './records/ledger.js';
import type { AssetSeconds } from './submission/lengths.js';
import { SwitchBoard } from './switch-board.js';
import { ExportRun } from './webhooks/export-run.js';
import { Webhooks } from './webhooks/webhooks.js';

/** Movies kept by default. */
const MAX_MOVIES = 200_000;

/** The parts of one server, as its routes use them. */
export type World = ReturnType<typeof createParts> & {
  readonly acceptance: Acceptance;
  readonly renders: Renders;
  readonly webhooks: Webhooks;
  /** Overrides the duration that a movie implies, seconds. */
  readonly renderSeconds: number | undefined;
  readonly assetSeconds: AssetSeconds;
};

type Parts = ReturnType<typeof createParts>;

/** Makes the parts of a server and connects them. @throws OptionInvalid, or RangeError for an option that cannot be used */
export function createWorld(options: FakeOptions): World {
  const parts = createParts(options);
  const acceptance = acceptanceFor(parts, options);
  const renders = new Renders({ ...parts, acceptance, billing: new Billing(parts) });
  const webhooks = webhooksFor(parts, renders, options);
  const { renderSeconds, assetSeconds = {} } = options;
  const world: World = { ...parts, acceptance, renders, webhooks, renderSeconds, assetSeconds };
  connect(world);
  return world;
}

function createParts(options: FakeOptions) {
  const random = seededRandom(options.seed ?? randomInt(2 ** 32));
  const book = new FaultBook(random);
  const apiKey = options.apiKey ?? 'local-key';
  return {
    apiKey,
    random,
    clock: new ScaledClock({ scale: scaleOf(options), startAtMs: startOf(options) }),
    switches: new SwitchBoard(),
    keys: new Keys(apiKey, options.keys ?? {}),
    credits: new Credits(options.credits ?? 100_000),
    plan: new Plan(options.plan ?? {}),
    rateLimit: new RateLimit(),
    templates: new Templates(),
    ledger: new Ledger(),
    journal: new Journal(options.journalFile),
    book,
    scripts: new StateScripts(book),
    cache: new RenderCache(options.cache ?? true),
    store: new MovieStore(options.maxMovies ?? MAX_MOVIES),
    events: new EventHub(),
    site: new Site(alphanumeric(random, 10)),
    /** Aborted when the server closes: no exchange goes on after that. */
    closing: closingController(),
    /** Exchanges under way; closing waits for them, so that their journal lines are written. */
    exchanges: new Set<Promise<void>>(),
  } as const;
}

function startOf(options: FakeOptions): number {
  const startAtMs = new Date(options.startAt ?? Date.now()).getTime();
  if (Number.isNaN(startAtMs)) throw new RangeError('startAt must be a date: ISO 8601 or milliseconds.');
  return startAtMs;
}

function scaleOf(options: FakeOptions): number {
  if (options.fixedClock === true) return 0;
  const scale = options.timeScale ?? 1;
  if (scale > 0 && scale <= 1_000_000) return scale;
  throw new RangeError('timeScale must be above 0, at most 1,000,000.');
}

function acceptanceFor(parts: Parts, { connections = {}, plan, renderJitter = 0 }: FakeOptions): Acceptance {
  if (!(renderJitter >= 0 && renderJitter <= 1)) throw new RangeError('renderJitter must be from 0 to 1.');
  const renderers = new Renderers(plan?.concurrentRenders);
  return new Acceptance({ ...parts, renderers, connections, jitter: renderJitter });
}

function webhooksFor(parts: Parts, renders: Renders, options: FakeOptions): Webhooks {
  const { webhookTimeoutSeconds, exportSeconds } = options;
  const { book, switches, random, clock, ledger, site } = parts;
  const run = new ExportRun({
    switches,
    timeoutSeconds: webhookTimeoutSeconds,
    limitSeconds: exportSeconds,
    now: () => clock.now(),
    onSent: (movie, sent) => {
      const { url, at, status, ms, stage, isLast } = sent;
      movie.webhooks.push({ url, at, status, ms });
      if (stage === 'end' && isLast) movie.delivered += 1;
      ledger.append({ event: 'webhook', ...nameOf(movie), ...sent });
      renders.onChange(movie);
    },
  });
  return new Webhooks({
    book,
    switches,
    random,
    run,
    fileUrl: ({ file }, ending) => site.fileUrl(file, ending),
  });
}

/** Connects the parts that report changes to those that react. */
function connect({ renders, webhooks, book, switches, credits, journal, events }: World): void {
  renders.onRendered = (movie, outcome) => webhooks.ended(movie, outcome);
  renders.onChange = (movie) => events.movieChanged(movie);
  journal.onChange = (entry) => events.requestChanged(entry);
  credits.onChange = () => events.creditsChanged();
  book.onChange = () => renders.recheck();
  switches.onChange = () => renders.recheck();
}

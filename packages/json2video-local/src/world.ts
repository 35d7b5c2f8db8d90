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
import { parseFaultRule } from './faults/fault-rule.js';
import { StateScripts } from './faults/state-scripts.js';
import { Site } from './http/urls.js';
import { OptionInvalid } from './invalid.js';
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
import { Ledger, readLedger } from './records/ledger.js';
import type { LedgerEntry } from './records/ledger.js';
import { timeOf } from './records/ledger.js';
import { replayLedger } from './records/ledger-replay.js';
import { scenarioNamed } from './scenarios.js';
import type { AssetSeconds } from './submission/lengths.js';
import { SwitchBoard } from './switch-board.js';
import { ExportRun } from './webhooks/export-run.js';
import { Webhooks } from './webhooks/webhooks.js';

/** Movies kept in memory by default; the ledger file keeps the older ones. */
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

/** @throws OptionInvalid, or RangeError for an option that cannot be used */
export function createWorld(options: FakeOptions): World {
  const past = readLedger(options.ledgerFile);
  const parts = createParts(options, past);
  const acceptance = acceptanceFor(parts, options);
  const renders = new Renders({ ...parts, acceptance, billing: new Billing(parts) });
  const webhooks = webhooksFor(parts, renders, options);
  const { renderSeconds, assetSeconds = {} } = options;
  const world: World = { ...parts, acceptance, renders, webhooks, renderSeconds, assetSeconds };
  connect(world);
  try {
    begin(world, options, past);
  } catch (error) {
    // Otherwise the clock keeps the process alive and the file stays open.
    world.clock.close();
    world.ledger.close();
    throw error;
  }
  return world;
}

function createParts(options: FakeOptions, past: readonly LedgerEntry[]) {
  const random = seededRandom(options.seed ?? randomInt(2 ** 32));
  const startAtMs = startOf(options, past);
  const book = new FaultBook(random);
  const apiKey = options.apiKey ?? 'local-key';
  return {
    apiKey,
    random,
    clock: new ScaledClock({ scale: scaleOf(options), startAtMs }),
    switches: new SwitchBoard(),
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
    /** Aborted when the server closes: no exchange goes on after that. */
    closing: closingController(),
    /** Exchanges under way; closing waits for them, so that their journal lines are written. */
    exchanges: new Set<Promise<void>>(),
  } as const;
}

/** Puts options in force and brings back an earlier run. */
function begin(world: World, options: FakeOptions, past: readonly LedgerEntry[]): void {
  for (const name of options.scenarios ?? []) playScenario(world, name);
  world.switches.change(options.switches ?? {});
  replayLedger(past, world);
  for (const movie of world.store.all()) world.renders.resume(movie);
  for (const rule of options.faults ?? []) world.book.add(parseFaultRule(rule));
}

/** Adds a scenario's rules and switches to those in force; returns the IDs of its rules. @throws OptionInvalid */
export function playScenario(world: World, name: string): string[] {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new OptionInvalid(`There is no scenario "${name}".`);
  world.switches.change(scenario.switches ?? {});
  return (scenario.faults ?? []).map((rule) => world.book.add(parseFaultRule(rule)));
}

/** Returns the clock's start, no earlier than the ledger file's last entry. */
function startOf(options: FakeOptions, past: readonly LedgerEntry[]): number {
  const startAtMs = new Date(options.startAt ?? Date.now()).getTime();
  if (Number.isNaN(startAtMs)) throw new RangeError('startAt must be a date: ISO 8601 or milliseconds.');
  return past.reduce((latestMs, entry) => Math.max(latestMs, timeOf(entry)), startAtMs);
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
    onSent: (movie, record) => {
      movie.webhooks.push(record);
      ledger.append({ event: 'webhook', ...nameOf(movie), ...record });
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

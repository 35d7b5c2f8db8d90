import { parseFaultRule } from './faults/fault-rule.js';
import type { Ground } from './ground.js';
import { groundOf } from './ground.js';
import { EXPORT_PHASE_MS, WEBHOOK_TIMEOUT_MS } from './limits.js';
import { Acceptance } from './movies/acceptance.js';
import { Billing } from './movies/billing.js';
import type { Movie } from './movies/movie.js';
import { nameOf } from './movies/movie.js';
import { Renderers } from './movies/renderers.js';
import { Renders } from './movies/renders.js';
import type { FakeOptions } from './options.js';
import type { LedgerEntry } from './records/ledger-entry.js';
import { readLedger } from './records/ledger-file.js';
import { replayLedger } from './records/ledger-replay.js';
import type { Scenario } from './scenarios.js';
import { scenarioOf } from './scenarios.js';
import { ExportRun } from './webhooks/export-run.js';
import { WebhookSender } from './webhooks/webhook-sender.js';
import { Webhooks } from './webhooks/webhooks.js';

/** The parts of one fake, as its routes use them. */
export interface World extends Ground {
  readonly acceptance: Acceptance;
  readonly renders: Renders;
  readonly webhooks: Webhooks;
  /** Overrides what a movie's length implies, seconds. */
  readonly renderSeconds: number | undefined;
}

/** @throws FaultRuleInvalid, QuirkInvalid, LedgerUnreadable, or RangeError for an option that cannot be used */
export function createWorld(options: FakeOptions): World {
  const past = readLedger(options.ledgerFile);
  const ground = groundOf(options, past);
  const acceptance = acceptanceFor(ground, options);
  const billing = new Billing(ground);
  const renders = new Renders({ ...ground, acceptance, billing });
  const { renderSeconds } = options;
  const world: World = {
    ...ground,
    acceptance,
    renders,
    webhooks: webhooksFor(ground, renders, options),
    renderSeconds,
  };
  connect(world);
  try {
    begin(world, options, past);
  } catch (error) {
    // Nothing may be left that keeps the process alive or the file open.
    world.clock.close();
    world.ledger.close();
    throw error;
  }
  return world;
}

/** What was before, and what the options put in force. */
function begin(world: World, options: FakeOptions, past: readonly LedgerEntry[]): void {
  for (const name of options.scenarios ?? []) playScenario(world, scenarioOf(name));
  world.quirks.change(options.quirks ?? {});
  replayLedger(past, world);
  for (const movie of world.store.all()) world.renders.resume(movie);
  for (const rule of options.faults ?? []) world.book.add(parseFaultRule(rule));
}

/** Puts a scenario in force on top of what is; the IDs of its rules. */
export function playScenario(world: World, { quirks = {}, faults = [] }: Scenario): string[] {
  world.quirks.change(quirks);
  return faults.map((rule) => world.book.add(parseFaultRule(rule)));
}

function acceptanceFor(
  ground: Ground,
  { connections = {}, plan, renderJitter = 0 }: FakeOptions,
): Acceptance {
  if (!(renderJitter >= 0 && renderJitter <= 1)) throw new RangeError('renderJitter must be from 0 to 1.');
  const renderers = new Renderers(plan?.concurrentRenders);
  return new Acceptance({ ...ground, renderers, connections, jitter: renderJitter });
}

function webhooksFor(ground: Ground, renders: Renders, options: FakeOptions): Webhooks {
  const { webhookTimeoutSeconds, exportSeconds } = options;
  const { book, quirks, random, clock, ledger, site } = ground;
  const run = new ExportRun({
    quirks,
    sender: new WebhookSender(milliseconds(webhookTimeoutSeconds) ?? WEBHOOK_TIMEOUT_MS),
    limitMs: milliseconds(exportSeconds) ?? EXPORT_PHASE_MS,
    now: () => clock.now(),
    onSent: (movie, record) => {
      movie.webhooks.push(record);
      ledger.append({ event: 'webhook', ...nameOf(movie), ...record });
      renders.onChange(movie);
    },
  });
  const fileUrl = (movie: Movie, ending: string): string => site.fileUrl(movie.file, ending);
  return new Webhooks({ book, quirks, random, run, fileUrl });
}

const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.round(seconds * 1000);

/** Who is told of what. */
function connect({ renders, webhooks, book, quirks, credits, journal, events }: World): void {
  renders.onRendered = (movie, outcome) => webhooks.ended(movie, outcome);
  renders.onChange = (movie) => events.movieChanged(movie);
  journal.onChange = (entry) => events.requestChanged(entry);
  credits.onChange = () => events.creditsChanged();
  book.onChange = () => renders.recheck();
  quirks.onChange = () => renders.recheck();
}

import { randomInt } from 'node:crypto';

import { ScaledClock } from './clock.js';
import { Credits } from './credits.js';
import { FaultBook } from './fault-book.js';
import { parseFaultRule } from './fault-rule.js';
import { Journal } from './journal.js';
import { Ledger } from './ledger.js';
import type { Movie, WebhookRecord } from './movie.js';
import type { FakeOptions, FakeTemplate } from './options.js';
import type { Random } from './random.js';
import { alphanumeric, seededRandom } from './random.js';
import { nameOf, Renders } from './renders.js';
import { StateScripts } from './state-scripts.js';
import { Webhooks } from './webhooks.js';

/** The parts of one fake, as its routes use them. */
export interface World {
  readonly apiKey: string;
  readonly clock: ScaledClock;
  readonly credits: Credits;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly book: FaultBook;
  readonly renders: Renders;
  readonly webhooks: Webhooks;
  readonly templates: ReadonlyMap<string, FakeTemplate>;
  /** The account's folder in file URLs. */
  readonly clientId: string;
  readonly startedAtMs: number;
  /** Aborted when the fake closes: no exchange goes on after that. */
  readonly closing: AbortController;
  /** Exchanges not over yet; closing waits for them, so that their journal lines are written. */
  readonly exchanges: Set<Promise<void>>;
  /** The fake's own URL; empty until it listens. */
  url: string;
}

/** @throws FaultRuleInvalid, or RangeError for an option that cannot be used */
export function createWorld(options: FakeOptions): World {
  const random = seededRandom(options.seed ?? randomInt(2 ** 32));
  const startedAtMs = startOf(options);
  const clock = new ScaledClock({ scale: scaleOf(options), startAtMs: startedAtMs });
  const book = new FaultBook(random);
  for (const rule of options.faults ?? []) book.add(parseFaultRule(rule));
  const credits = new Credits(options.credits ?? 100_000);
  const ledger = new Ledger(options.ledgerFile);
  const scripts = new StateScripts(book);
  const { renderSeconds } = options;
  const renders = new Renders({ clock, credits, ledger, random, scripts, renderSeconds });
  const base = { apiKey: options.apiKey ?? 'local-key', clock, credits, ledger, book, renders };
  const world: World = {
    ...base,
    journal: new Journal(options.journalFile),
    webhooks: webhooksFor({ ...base, random, fileUrl: (movie) => `${filesUrl(world)}/${movie.stem}.mp4` }),
    templates: new Map(Object.entries(options.templates ?? {})),
    clientId: alphanumeric(random, 10),
    startedAtMs,
    closing: new AbortController(),
    exchanges: new Set(),
    url: '',
  };
  renders.onEnd = (movie, outcome) => world.webhooks.ended(movie, outcome);
  book.onRemoval = () => renders.recheck();
  return world;
}

/** Where the account's files are, without a slash at the end. */
export function filesUrl(world: World): string {
  return `${world.url}/clients/${world.clientId}/renders`;
}

interface WebhookParts extends Pick<World, 'book' | 'clock' | 'ledger'> {
  readonly random: Random;
  readonly fileUrl: (movie: Movie) => string;
}

function webhooksFor({ book, random, clock, ledger, fileUrl }: WebhookParts): Webhooks {
  const onSent = (movie: Movie, record: WebhookRecord): void => {
    movie.webhooks.push(record);
    ledger.append({ event: 'webhook', ...nameOf(movie), ...record });
  };
  return new Webhooks({ book, random, now: () => clock.now(), fileUrl, onSent });
}

function startOf(options: FakeOptions): number {
  const startedAtMs = new Date(options.startAt ?? Date.now()).getTime();
  if (Number.isNaN(startedAtMs)) throw new RangeError('startAt must be a date: ISO 8601 or milliseconds.');
  return startedAtMs;
}

function scaleOf(options: FakeOptions): number {
  const scale = options.timeScale ?? 1;
  if (!(scale > 0 && scale <= 1_000_000))
    throw new RangeError('timeScale must be above 0, at most 1,000,000.');
  return scale;
}

import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';

import type { FakeCredits } from './credits.js';
import type { FaultRuleInput } from './fault-rule.js';
import { parseFaultRule } from './fault-rule.js';
import type { Call, FakeRequest } from './journal.js';
import type { FakeMovie } from './movie.js';
import { ledgerView } from './movie.js';
import type { FakeOptions } from './options.js';
import { controlRoutes } from './routes/control.js';
import { providerRoutes } from './routes/provider.js';
import type { World } from './world.js';
import { createWorld } from './world.js';

export type { FakeCredits } from './credits.js';
export type { FaultRuleInput } from './fault-rule.js';
export { FaultRuleInvalid } from './fault-rule.js';
export type { Call, FakeRequest } from './journal.js';
export type { FakeMovie, WebhookRecord } from './movie.js';
export type { FakeOptions, FakeTemplate } from './options.js';

/** A running fake, and its oracle: what really happened there, whatever the clients were told. */
export interface FakeJson2Video {
  /** Base URL, without a slash at the end and without `/v2`. */
  readonly url: string;
  readonly apiKey: string;
  /** Every movie accepted so far, oldest first. */
  movies(): FakeMovie[];
  /** Requests after number `since`, oldest first; control requests are not among them. */
  requests(filter?: { since?: number; call?: Call }): FakeRequest[];
  credits(): FakeCredits;
  /** Puts a fault rule in force. @throws FaultRuleInvalid naming the field */
  fault(rule: FaultRuleInput): string;
  /** Lets go of what a `park` rule holds, and of what it would hold later; says how many were held. */
  release(id: string): number;
  clearFaults(): void;
  /** Moves the fake's clock forward; what has become due by then has happened on return, webhooks are under way. */
  advance(seconds: number): void;
  /** The fake's clock, milliseconds since the epoch. */
  now(): number;
  /** Cuts every connection, drops pending webhooks, and resolves when nothing is left. Twice is fine. */
  close(): Promise<void>;
}

/**
 * Starts a local JSON2Video that costs nothing. For tests and development only: its control routes ask for no
 * key, so it listens on 127.0.0.1 and nowhere else.
 *
 * @example
 * const fake = await startFakeJson2Video({ timeScale: 100 });
 * const id = fake.fault({ match: { call: 'create', nth: 1 }, effect: { kind: 'reset-after' } });
 * await fake.close();
 */
export async function startFakeJson2Video(options: FakeOptions = {}): Promise<FakeJson2Video> {
  const world = createWorld(options);
  const app = fastify({
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true },
  });
  app.removeAllContentTypeParsers();
  // Bodies are left unread: some faults act before anything is read.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  providerRoutes(app, world);
  controlRoutes(app, world);
  try {
    world.url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  } catch (error) {
    await closeAll(world, app);
    throw error;
  }
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= closeAll(world, app);
    return closed;
  };
  return fakeOf(world, close);
}

function fakeOf(world: World, close: () => Promise<void>): FakeJson2Video {
  return {
    url: world.url,
    apiKey: world.apiKey,
    movies: () => {
      world.clock.runDue();
      return world.renders.all().map((movie) => ledgerView(movie, world.clock.now()));
    },
    requests: (filter) => world.journal.entries(filter),
    credits: () => {
      world.clock.runDue();
      return world.credits.view();
    },
    fault: (rule) => world.book.add(parseFaultRule(rule)),
    release: (id) => world.book.release(id) ?? 0,
    clearFaults: () => world.book.clear(),
    advance: (seconds) => world.clock.advance(seconds),
    now: () => world.clock.now(),
    close,
  };
}

/** Connections first: nothing may be accepted once the ledger is shut. */
async function closeAll(world: World, app: FastifyInstance): Promise<void> {
  world.closing.abort();
  world.clock.close();
  await app.close();
  await world.webhooks.close();
  await Promise.allSettled(world.exchanges);
  world.ledger.close();
}

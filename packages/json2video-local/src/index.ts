/**
 * A local JSON2Video that costs nothing, for tests and development.
 *
 * @module renderonce/fake
 */
import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';

import type { FakeJson2Video } from './fake.js';
import { fakeOf } from './fake.js';
import type { FakeOptions } from './options.js';
import { controlRoutes } from './routes/control.js';
import { providerRoutes } from './routes/provider.js';
import type { World } from './world.js';
import { createWorld } from './world.js';

export type { FakeCredits } from './account/credits.js';
export type { FakeKey, Role } from './account/keys.js';
export type { FakePlan } from './account/plan.js';
export type { FakeTemplate } from './account/templates.js';
export { FakeConfigInvalid, readFakeConfig } from './config-file.js';
export type { FakeJson2Video, MovieFilter } from './fake.js';
export type { FaultRuleInput } from './faults/fault-rule.js';
export { FaultRuleInvalid, parseFaultRule } from './faults/fault-rule.js';
export type { FakeMovie, WebhookRecord } from './movies/movie.js';
export type { FakeOptions } from './options.js';
export { QuirkInvalid, quirkSetting } from './quirk-switches.js';
export type { QuirkView } from './quirk-table.js';
export { quirkTable } from './quirk-table.js';
export type { Quirks, QuirkSettings } from './quirks.js';
export type { Call, FakeRequest, RequestFilter } from './records/journal.js';
export { LedgerUnreadable } from './records/ledger-file.js';
export type { ScenarioName } from './scenarios.js';
export { isScenarioName, scenarioList } from './scenarios.js';
export type { FakeConnection, OtherDestination } from './webhooks/destinations.js';

/**
 * Starts a local JSON2Video that costs nothing. For tests and development only: its control routes ask for no
 * key, so it listens on 127.0.0.1 and nowhere else.
 *
 * @throws FaultRuleInvalid, QuirkInvalid, LedgerUnreadable, or RangeError for an option that cannot be used
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
  let closed: Promise<void> | undefined;
  const fake = fakeOf(world, () => {
    closed ??= closeAll(world, app);
    return closed;
  });
  providerRoutes(app, world);
  controlRoutes(app, world, fake);
  try {
    world.site.url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  } catch (error) {
    await fake.close();
    throw error;
  }
  return fake;
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

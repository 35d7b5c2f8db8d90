import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { EventStream } from '../events/event-stream.js';
import type { FakeJson2Video } from '../fake.js';
import { FaultRuleInvalid, parseFaultRule } from '../faults/fault-rule.js';
import { MAX_EVENT_STREAMS } from '../limits.js';
import { PAGE, PAGE_POLICY } from '../page/page.js';
import { QuirkInvalid } from '../quirk-switches.js';
import { quirkTable } from '../quirk-table.js';
import { CALLS } from '../records/journal.js';
import { isScenarioName, scenarioList } from '../scenarios.js';
import type { World } from '../world.js';
import { bodyOf, ControlProblem, parsed } from './control-body.js';

const requestsQuery = z.object({
  since: z.coerce.number().int().min(0).optional(),
  call: z.enum(CALLS).optional(),
  key: z.string().optional(),
  project: z.string().optional(),
});
const clockBody = z.strictObject({
  advanceSeconds: z
    .number()
    .min(0)
    .max(3_600 * 24 * 3_650),
});
const creditsBody = z.strictObject({ add: z.number().int().min(1).max(1_000_000_000) });
const idParameter = z.object({ id: z.string() });

/** Reads the oracle and steers the fake. No key: the fake listens on the loopback interface only. */
export function controlRoutes(app: FastifyInstance, world: World, fake: FakeJson2Video): void {
  readingRoutes(app, fake);
  faultRoutes(app, world);
  steeringRoutes(app, fake);
  watchingRoutes(app, world);
  app.setErrorHandler((problem, _request, reply) => {
    const code = problem instanceof ControlProblem ? problem.code : 400;
    const isOurs =
      problem instanceof ControlProblem ||
      problem instanceof FaultRuleInvalid ||
      problem instanceof QuirkInvalid;
    const error = isOurs ? problem.message : 'The fake could not serve this request.';
    return reply.code(isOurs ? code : 500).send({ error });
  });
}

function readingRoutes(app: FastifyInstance, fake: FakeJson2Video): void {
  app.get('/_fake/requests', (request) => ({
    requests: fake.requests(parsed(requestsQuery, request.query)),
  }));
  app.get('/_fake/movies', () => ({ movies: fake.movies() }));
  app.get('/_fake/credits', () => fake.credits());
  app.get('/_fake/clock', () => ({ now: new Date(fake.now()).toISOString() }));
  app.get('/_fake/quirks', () => ({ quirks: fake.quirks(), table: quirkTable() }));
  app.get('/_fake/scenarios', () => ({ scenarios: scenarioList() }));
}

function faultRoutes(app: FastifyInstance, world: World): void {
  app.get('/_fake/faults', () => ({ faults: world.book.views() }));
  app.post('/_fake/faults', async (request, reply) => ({
    id: world.book.add(parseFaultRule(await bodyOf(request, reply))),
  }));
  app.delete('/_fake/faults', () => {
    world.book.clear();
    return { faults: [] };
  });
  app.delete('/_fake/faults/:id', (request) => found(world.book.remove(idOf(request)), idOf(request)));
  app.post('/_fake/release/:id', (request) => ({
    released: found(world.book.release(idOf(request)), idOf(request)),
  }));
}

function steeringRoutes(app: FastifyInstance, fake: FakeJson2Video): void {
  app.post('/_fake/clock', async (request, reply) => {
    fake.advance(parsed(clockBody, await bodyOf(request, reply)).advanceSeconds);
    return { now: new Date(fake.now()).toISOString() };
  });
  app.post('/_fake/credits', async (request, reply) => {
    fake.addCredits(parsed(creditsBody, await bodyOf(request, reply)).add);
    return fake.credits();
  });
  app.post('/_fake/quirks', async (request, reply) => ({
    quirks: fake.setQuirks(parsed(z.record(z.string(), z.unknown()), await bodyOf(request, reply))),
  }));
  app.post('/_fake/scenarios/:id', (request) => {
    const name = idOf(request);
    if (!isScenarioName(name)) throw new ControlProblem(404, `There is no scenario "${name}".`);
    return { faults: fake.scenario(name) };
  });
}

function watchingRoutes(app: FastifyInstance, world: World): void {
  app.get('/', (_request, reply) =>
    reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', PAGE_POLICY)
      .send(PAGE),
  );
  app.get('/_fake/events', (_request, reply) => {
    if (world.events.watchers >= MAX_EVENT_STREAMS) throw new ControlProblem(503, 'Too many watchers.');
    reply.hijack();
    const stream = new EventStream(world, reply.raw);
    const leave = world.events.join(stream);
    reply.raw.once('close', () => {
      leave();
      stream.close();
    });
  });
}

const idOf = (request: FastifyRequest): string => idParameter.parse(request.params).id;

function found<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new ControlProblem(404, `There is no fault rule "${id}".`);
  return value;
}

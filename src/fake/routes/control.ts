import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { Exchange } from '../exchange.js';
import { FaultRuleInvalid, parseFaultRule } from '../fault-rule.js';
import { CALLS } from '../journal.js';
import { MAX_CONTROL_BYTES } from '../limits.js';
import { ledgerView } from '../movie.js';
import type { World } from '../world.js';

/** A control request that cannot be served; the message says why. */
class ControlProblem extends Error {
  override readonly name = 'ControlProblem';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const requestsQuery = z.object({
  since: z.coerce.number().int().min(0).optional(),
  call: z.enum(CALLS).optional(),
});
const clockBody = z.strictObject({
  advanceSeconds: z
    .number()
    .min(0)
    .max(3_600 * 24 * 3_650),
});
const idParameter = z.object({ id: z.string() });

/** Reads the oracle and sets faults. No key: the fake listens on the loopback interface only. */
export function controlRoutes(app: FastifyInstance, world: World): void {
  readingRoutes(app, world);
  faultRoutes(app, world);
  app.post('/_fake/clock', async (request, reply) => {
    const { advanceSeconds } = parsed(clockBody, await bodyOf(request, reply));
    world.clock.advance(advanceSeconds);
    return { now: new Date(world.clock.now()).toISOString() };
  });
  app.setErrorHandler((problem, _request, reply) => {
    const code = problem instanceof ControlProblem ? problem.code : 400;
    const isOurs = problem instanceof ControlProblem || problem instanceof FaultRuleInvalid;
    const error = isOurs ? problem.message : 'The fake could not serve this request.';
    return reply.code(isOurs ? code : 500).send({ error });
  });
}

function readingRoutes(app: FastifyInstance, world: World): void {
  app.get('/_fake/requests', (request) => ({
    requests: world.journal.entries(parsed(requestsQuery, request.query)),
  }));
  app.get('/_fake/movies', () => {
    world.clock.runDue();
    const nowMs = world.clock.now();
    return { movies: world.renders.all().map((movie) => ledgerView(movie, nowMs)) };
  });
  app.get('/_fake/credits', () => {
    world.clock.runDue();
    return world.credits.view();
  });
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

const idOf = (request: FastifyRequest): string => idParameter.parse(request.params).id;

function found<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new ControlProblem(404, `There is no fault rule "${id}".`);
  return value;
}

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ControlProblem(
    400,
    `"${issue?.path.join('.') ?? ''}" is not usable: ${issue?.message ?? 'invalid'}.`,
  );
}

async function bodyOf(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const body = await new Exchange(request.raw, reply.raw).readBody(MAX_CONTROL_BYTES);
  if (body.kind !== 'text') throw new ControlProblem(413, 'The request body is too large.');
  try {
    return JSON.parse(body.text);
  } catch {
    throw new ControlProblem(400, 'The request body must be JSON.');
  }
}

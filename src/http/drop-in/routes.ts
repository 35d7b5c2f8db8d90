import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiDependencies } from '../api.js';
import { readTextBodies } from '../body.js';
import { failureOf } from './failure.js';
import { type Base, failures } from './schemas.js';
import { addStatusRoute } from './status.js';
import { addSubmitRoute } from './submit.js';
import { Refusal } from '../refusal.js';
import { ProviderUnavailable } from '../../render/errors.js';

const BASES: readonly Base[] = [
  { path: '/v2', suffix: '', params: z.object({}) },
  {
    path: '/keys/:key/v2',
    suffix: 'UnderKey',
    params: z.object({ key: z.string().describe('The business key, percent-encoded') }),
  },
];

type OnError = ((error: unknown, route: string) => void) | undefined;

/** Adds the routes that existing code of JSON2Video calls, to a scope of their own. */
export function addDropInRoutes(app: FastifyInstance, dependencies: ApiDependencies, onError: OnError): void {
  // Existing code gives other content types, or none, as the provider allows.
  readTextBodies(app, '*');
  app.setErrorHandler((error, request, reply) => {
    const status = sendFailure(error, request, reply);
    if (status >= 500) onError?.(error, `${request.method} ${request.routeOptions.url ?? ''}`);
  });
  for (const base of BASES) {
    addSubmitRoute(app, dependencies, base);
    addStatusRoute(app, dependencies, base);
    addDeleteRoute(app, base);
    addTemplatesRoute(app, dependencies, base);
  }
}

function addDeleteRoute(app: FastifyInstance, { path, suffix, params }: Base): void {
  const schema = {
    operationId: `deleteMovie${suffix}`,
    summary: 'Always refused: a video may belong to other callers of its key',
    params,
    response: failures(403),
  };
  app.delete(`${path}/movies`, { config: { scope: 'submit' }, schema }, () => {
    throw new Refusal('NotOffered', 'this server deletes no videos; the provider does so after 7 days');
  });
}

/** Answers with an error in the provider's shape, and returns its status. */
function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): number {
  const { status, message, retrySeconds } = failureOf(error, request.caller);
  if (retrySeconds !== undefined && !reply.hasHeader('retry-after'))
    reply.header('retry-after', String(retrySeconds));
  // The rest of a body that nobody reads would hold the connection.
  if (!request.raw.complete) reply.header('connection', 'close');
  void reply.code(status).send({ success: false, message });
  return status;
}

/** Adds `GET /v2/templates`, which the provider answers. */
function addTemplatesRoute(
  app: FastifyInstance,
  { provider }: ApiDependencies,
  { path, suffix, params }: Base,
): void {
  const response: Record<number, z.ZodType> = {
    200: z.looseObject({}).describe("The provider's answer"),
    ...failures(404, 501),
  };
  const schema = {
    operationId: `readTemplates${suffix}`,
    summary: "Read the account's templates: the provider's answer, as it comes",
    params,
    querystring: z.looseObject({ id: z.string().optional() }),
    response,
  };
  app.get(`${path}/templates`, { config: { scope: 'read' }, schema }, async (request, reply) => {
    if (provider === undefined)
      throw new Refusal('ProviderNotSet', 'this server has no JSON2VIDEO_API_KEY, so it reads no templates');
    const { searchParams } = new URL(request.url, 'http://localhost');
    const answer = await provider.templates(searchParams).catch((cause: unknown) => {
      throw new ProviderUnavailable('the templates cannot be read', { cause });
    });
    // Bytes, which nothing writes as JSON a second time.
    return reply.code(answer.status).type('application/json').send(Buffer.from(answer.body));
  });
}

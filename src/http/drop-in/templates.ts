import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ProviderUnavailable } from '../../render/errors.js';
import type { ApiDependencies } from '../api.js';
import { Refusal } from '../refusal.js';
import { type Base, failures } from './schemas.js';

/** Adds `GET /v2/templates`, which the provider answers. */
export function addTemplatesRoute(
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

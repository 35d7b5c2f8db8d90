import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { MovieInvalid } from '../../render/errors.js';
import { isJsonObject, type JsonObject } from '../../text/json.js';
import { readJsonText } from '../../text/json-text.js';
import { type ApiDependencies, callerOf, waitSignal } from '../api.js';
import { engineKeyOf } from '../caller.js';
import { ACCEPTANCE_SECONDS, waitOf } from '../headers.js';
import { budgetOf } from '../tenant-budget.js';
import { movieSchema } from '../schemas.js';
import { IGNORED, keyOf, withClientData } from './key.js';
import { type Base, failures } from './schemas.js';

/** The answer to an accepted movie. */
const acceptedSchema = z
  .object({ success: z.literal(true), project: z.string(), timestamp: z.string() })
  .meta({ id: 'DropInAccepted' });

const HEADERS = z.looseObject({
  'idempotency-key': z.string().optional().describe('The business key, bare or in double quotes'),
  prefer: z.string().optional().describe('wait=N: longest wait in seconds, 1 to 60; 25 by default'),
});

const config = {
  scope: 'submit',
  answerHeaders: { 200: ['Idempotent-Replayed', 'Preference-Applied'] },
} as const;

/** Adds `POST /v2/movies`, which submits a movie once under its key. */
export function addSubmitRoute(
  app: FastifyInstance,
  { client, renders, stopping }: ApiDependencies,
  { path, suffix, params }: Base,
): void {
  const schema = {
    operationId: `createMovie${suffix}`,
    summary: 'Render a movie once, as existing code of JSON2Video asks for it; safe to repeat',
    params,
    headers: HEADERS,
    body: movieSchema,
    response: {
      200: acceptedSchema.describe('Accepted; header Idempotent-Replayed: true if another call started it'),
      ...failures(402, 409, 413, 422),
    },
  };
  const route = { config, schema, validatorCompiler } as const;
  app.post<{ Params: { key?: string } }>(`${path}/movies`, route, async (request, reply) => {
    const caller = callerOf(request);
    const movie = movieIn(request.body);
    const key = engineKeyOf(caller, keyOf(request.params.key, request.raw, movie));
    const wait = waitOf(request.headers['prefer']?.toString(), ACCEPTANCE_SECONDS);
    if (wait.applied !== undefined) reply.header('preference-applied', wait.applied);
    const { project, submittedAt, replayed } = await renders.submitOnce(key, withClientData(movie), {
      ignore: [...IGNORED],
      budget: await budgetOf(client, caller, undefined),
      deadlineMs: Math.max(1, wait.seconds) * 1_000,
      signal: waitSignal(reply.raw, stopping),
    });
    if (replayed) reply.header('idempotent-replayed', 'true');
    return reply.send({ success: true, project, timestamp: submittedAt });
  });
}

/** The body is text, which the route reads itself. */
const validatorCompiler = () => (value: unknown) => ({ value });

/** Reads the movie. Errors begin with the provider's own words, by which existing code knows them. */
function movieIn(body: unknown): JsonObject {
  if (typeof body !== 'string' || body.trim() === '') throw new MovieInvalid('No movie JSON received');
  const read = readJsonText(body);
  if ('fault' in read) {
    const { path, message } = read.fault;
    throw new MovieInvalid(
      path === ''
        ? `Error parsing movie JSON or the movie was empty: ${message}`
        : `No valid movie JSON received: ${path} ${message}`,
    );
  }
  if (!isJsonObject(read.value))
    throw new MovieInvalid('No valid movie JSON received: the body is no JSON object');
  return read.value;
}

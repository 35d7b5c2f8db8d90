import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type ApiDependencies, callerOf, waitSignal } from '../api.js';
import { engineKeyOf } from '../caller.js';
import { type Base, failures } from './schemas.js';
import { ACCEPTANCE_SECONDS, idempotencyKeyOf, waitOf } from '../headers.js';
import { movieSchema } from '../schemas.js';
import { budgetOf } from '../tenant-budget.js';
import { KeyInvalid, MovieInvalid } from '../../render/errors.js';
import { readJsonText } from '../../text/json-text.js';
import { isJsonObject, type JsonObject } from '../../text/json.js';

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
    const { project, submittedAt, replayed } = await renders.submitOnce(key, movie, {
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

const CLIENT_DATA = 'client-data';
const NAME = 'idempotency-key';

const HOW =
  'give one key, in header Idempotency-Key, in the path /keys/{key}/v2/movies, or as "idempotency-key" in the movie\'s client-data';

/**
 * Reads the key of a movie that existing code of JSON2Video sends: from the path, the header or `client-data`.
 *
 * @throws KeyInvalid if there is none, or if two of them differ
 */
function keyOf(pathKey: string | undefined, request: IncomingMessage, movie: JsonObject): string {
  const given = [pathKey, idempotencyKeyOf(request), keyInClientData(movie)];
  const [key, ...others] = given.filter((each) => each !== undefined);
  if (key === undefined) throw new KeyInvalid(`the request has no key: ${HOW}`);
  if (others.some((other) => other !== key))
    throw new KeyInvalid(`the request has two keys that differ: ${HOW}`);
  return key;
}

function keyInClientData(movie: JsonObject): string | undefined {
  const clientData = movie[CLIENT_DATA];
  const key = isJsonObject(clientData) ? clientData[NAME] : undefined;
  if (key === undefined || typeof key === 'string') return key;
  throw new KeyInvalid(`client-data["${NAME}"] is no text: ${HOW}`);
}

/**
 * Places that the fingerprint leaves out. The key in `client-data` is one of three ways to give the same key, so a retry may
 * use another one. Clients such as PyPI's `json2video` add the `project` of the first answer to the movie that they send again.
 */
const IGNORED: readonly string[] = [`/${CLIENT_DATA}/${NAME}`, '/project'];

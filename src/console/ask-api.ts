import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { problemSchema, type ProblemDetails } from '../http/schemas.js';
import { parseJson } from '../text/json.js';

/** The API refused a request that a page made for its visitor. */
export class ApiRefusal extends Error {
  readonly problem: ProblemDetails;

  constructor(problem: ProblemDetails) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** A request to the API, as a client of HTTP writes it. */
interface ApiRequest<T> {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: z.ZodType<T>;
}

/**
 * Asks the API in this process with the token of the visitor's session. Whatever a page changes goes through here, so that
 * scopes, tenants, limits and the way of a submission are those of the API.
 *
 * @throws ApiRefusal with the API's problem details
 */
export async function askApi<T>(
  app: FastifyInstance,
  request: FastifyRequest,
  asked: ApiRequest<T>,
): Promise<T> {
  const { method, path, body, headers, answer } = asked;
  const token = request.visit?.token ?? '';
  const reply = await app.inject({
    method,
    url: path,
    headers: {
      host: '127.0.0.1',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  const document = parseJson(reply.payload);
  if (reply.statusCode < 400) return answer.parse(document);
  throw new ApiRefusal(problemSchema.parse(document));
}

/** Returns the path of a key in the API. */
export function apiPathOf(key: string, tail = ''): string {
  return `/v1/renders/${encodeURIComponent(key)}${tail}`;
}

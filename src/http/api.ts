import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client } from '@temporalio/client';
import type { Destinations } from '../events/destinations.js';
import type { Json2Video } from '../json2video/client.js';
import type { VideoStore } from '../keep/video-store.js';
import type { AssetRule } from '../movie/asset-urls.js';
import type { Renders } from '../starter.js';
import type { AnswerHeaders } from './openapi.js';
import type { Caller } from './caller.js';
import { Refusal } from './refusal.js';
import { problemSchema } from './schemas.js';
import type { SharedWatches } from './shared-watches.js';
import type { Scope } from './tokens.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the handler of every route with a scope. */
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** The right that a caller needs. Routes without it are open to all. */
    readonly scope?: Scope;
    /** Headers of its answers by status, for the description only. */
    readonly answerHeaders?: AnswerHeaders;
  }
}

/** A Fastify server whose routes have schemas of zod. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Everything that the routes use. */
export interface ApiDependencies {
  readonly client: Client;
  readonly renders: Renders;
  readonly watches: SharedWatches;
  readonly assets: AssetRule;
  readonly taskQueue: string;
  /** Receivers of events that a call may name. */
  readonly destinations: Pick<Destinations, 'refusalOf'>;
  /** Absent without an API key. */
  readonly provider: Pick<Json2Video, 'find' | 'template' | 'templates'> | undefined;
  /** The store of kept videos; absent if nothing is kept. */
  readonly keep?: VideoStore | undefined;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
}

/** Returns the sender of a request to a route with a scope. */
export function callerOf({ caller }: Pick<FastifyRequest, 'caller'>): Caller {
  if (caller === undefined) throw new Refusal('TokenInvalid', 'the request has no token');
  return caller;
}

/** Returns a signal that ends the wait of a request: its client has gone, or the server stops. The render goes on. */
export function waitSignal(response: ServerResponse, stopping: AbortSignal): AbortSignal {
  stopping.throwIfAborted();
  const wait = new AbortController();
  const stop = (): void => wait.abort(stopping.reason);
  stopping.addEventListener('abort', stop, { once: true });
  response.once('close', () => {
    stopping.removeEventListener('abort', stop);
    wait.abort(new Error('the client has gone'));
  });
  return wait.signal;
}

const PROBLEMS: Readonly<Record<number, string>> = {
  402: 'The budget does not hold the credits of the movie',
  400: 'The key, the movie, an option or the request is invalid',
  401: 'There is no token, or an unknown one',
  403: 'The token lacks a scope',
  404: 'Unknown key, or no video',
  409: 'The key or the decision does not allow it',
  410: 'The provider has deleted the file',
  413: 'The body is larger than 2 MB',
  415: 'The body is no JSON',
  416: 'The range lies beyond the video',
  422: 'The key belongs to another movie, or the provider rejected the movie',
  429: 'Too many requests; see the header Retry-After',
  502: 'The engine refuses the server',
  503: 'Something is down; send the same request again after the header Retry-After',
};

/** Returns the schemas of the problems that a route may answer, besides those that every route may. */
export function problems(...statuses: readonly number[]) {
  const content = { 'application/problem+json': { schema: problemSchema } };
  return Object.fromEntries(
    [...statuses, 400, 401, 403, 429, 502, 503].map((status) => [
      status,
      { description: PROBLEMS[status] ?? 'Problem', content },
    ]),
  );
}

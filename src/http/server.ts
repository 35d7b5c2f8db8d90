import { setMaxListeners } from 'node:events';
import rateLimit from '@fastify/rate-limit';
import type { Client } from '@temporalio/client';
import { fastify, type FastifyInstance } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { Registry } from 'prom-client';
import { Destinations } from '../events/destinations.js';
import type { Json2Video } from '../json2video/client.js';
import type { VideoStore } from '../keep/video-store.js';
import type { AssetRule } from '../movie/asset-urls.js';
import { requireStrongSecrets } from '../receiver/callback-token.js';
import type { AnsweredDelivery } from '../receiver/delivery.js';
import {
  addHealthRoutes,
  addWebhookRoute,
  closeWithoutIdling,
  guardedServer,
  meterReceiver,
} from '../receiver/routes.js';
import type { Renders } from '../starter.js';
import type { ApiDependencies } from './api.js';
import { answerWithProblems, PROBLEMS_BEFORE_ROUTES } from './answer-problems.js';
import { BODY_BYTES, readJsonBodies } from './body.js';
import { addErrorsPage } from './errors-page.js';
import { createGuard } from './guard.js';
import { withKeyInPath } from './key-query.js';
import { describeRoutes } from './openapi.js';
import { Refusal } from './refusal.js';
import { addRoutes } from './routes.js';
import { SharedWatches } from './shared-watches.js';
import type { Token } from './tokens.js';

/** Limits for one client and for all together, each with its reason. */
const LIMITS = {
  /** More connections are dropped. Each long poll and each stream holds one. */
  connections: 4_096,
  /** The headers of a request must arrive in this time: slow senders hold connections. */
  headersMs: 5_000,
  /** A whole request must arrive in this time: 2 MB at 70 kB a second. */
  requestMs: 30_000,
  /** A webhook must arrive in this time. */
  deliveryMs: 10_000,
  /** Longer than the idle time of usual proxies, which would send a request into a closing connection. */
  idleMs: 75_000,
  /** Interval between two searches for slow senders. */
  sweepMs: 1_000,
  /** Longest path segment. Node's limit of 16 KB for all headers comes first, so that an overlong key gets our answer. */
  segmentCharacters: 16_384,
} as const;

const MINUTE_MS = 60_000;

/** Options of `startServer`. */
interface ServerOptions {
  readonly client: Client;
  readonly renders: Renders;
  readonly assets: AssetRule;
  /** The workers' task queue. */
  readonly taskQueue: string;
  /** Receivers of events that a call may name; none by default. */
  readonly destinations?: Destinations;
  /** Answers what only the provider knows; absent without an API key. The server submits nothing by itself. */
  readonly provider?: Pick<Json2Video, 'find' | 'template' | 'templates'> | undefined;
  /** The store of kept videos; absent if nothing is kept. */
  readonly keep?: VideoStore | undefined;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Without tokens the server asks for none; then the host must be loopback. */
  readonly tokens: readonly Token[];
  readonly requestsPerMinute: number;
  /** Secrets of callback addresses; without them there is no route for webhooks. */
  readonly webhookSecrets: readonly string[];
  /** Adds pages for people at `/`, in a scope of their own. */
  readonly pages?: (app: FastifyInstance, dependencies: ApiDependencies) => Promise<void>;
  readonly trustedProxyHops?: number;
  readonly version: string;
  readonly onDelivery?: (delivery: AnsweredDelivery) => void;
  /** Called with each error that a caller sees only in general words. */
  readonly onError?: (error: unknown, route: string) => void;
}

/** A server that listens. */
interface HttpServer {
  /** Address at which it listens, without a slash at the end. */
  readonly url: string;
  /** Ends all waits and streams, finishes the open requests, and then resolves. */
  stop(): Promise<void>;
}

/** Starts the HTTP API. */
export async function startServer(options: ServerOptions): Promise<HttpServer> {
  const app = await createServer(options);
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, stop: () => app.close() };
}

/** Creates the server of the HTTP API, which does not listen yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = newApp(options);
  const registry = new Registry();
  answerWithProblems(app, options.onError);
  addWebhooks(app, options, registry);
  addHealthRoutes(app, options.client, registry);
  await describeRoutes(app, options.version);
  app.addHook('onRequest', createGuard(options.tokens));
  await app.register(rateLimit, {
    max: options.requestsPerMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: ({ caller, ip }) => caller?.id ?? ip,
    errorResponseBuilder: (_request, { after }) =>
      new Refusal('RateLimited', `too many requests; wait ${after}`),
  });
  readJsonBodies(app);
  await app.register(async (api) => addApi(api, options));
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  addErrorsPage(app);
  return app;
}

function newApp({ trustedProxyHops = 0 }: ServerOptions): FastifyInstance {
  const app = fastify({
    routerOptions: { maxParamLength: LIMITS.segmentCharacters },
    rewriteUrl: ({ url = '/', method }) => withKeyInPath(url, method),
    bodyLimit: BODY_BYTES,
    ...guardedServer(LIMITS, trustedProxyHops),
    keepAliveTimeout: LIMITS.idleMs,
    ...PROBLEMS_BEFORE_ROUTES,
  });
  app.server.maxConnections = LIMITS.connections;
  closeWithoutIdling(app);
  app.decorateRequest('caller', undefined);
  return app;
}

function addWebhooks(app: FastifyInstance, options: ServerOptions, registry: Registry): void {
  const { client, webhookSecrets: secrets, onDelivery } = options;
  const meter = meterReceiver(app.server, registry);
  if (secrets.length === 0) return;
  requireStrongSecrets(secrets);
  addWebhookRoute(app, { client, secrets, now: Date.now, bodyMs: LIMITS.deliveryMs }, (delivery) => {
    meter(delivery);
    onDelivery?.(delivery);
  });
}

/** Adds the routes of the API to a scope of their own. */
async function addApi(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const {
    client,
    renders,
    assets,
    taskQueue,
    provider,
    keep,
    onError,
    destinations = new Destinations({}),
  } = options;
  app.setValidatorCompiler(validatorCompiler);
  // What is sent is checked by the compiler and by tests: a fault of a schema must not become an error of a caller.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  const stop = new AbortController();
  // One for each open request.
  setMaxListeners(0, stop.signal);
  app.addHook('preClose', async () => stop.abort(new Refusal('ServerStopping', 'the server stops')));
  const watches = new SharedWatches(renders);
  const { signal: stopping } = stop;
  const settings = { assets, taskQueue, provider, keep, destinations };
  const dependencies = { client, renders, watches, stopping, ...settings };
  await addRoutes(app, dependencies, onError);
  const { pages } = options;
  if (pages !== undefined) await app.register(async (scope) => pages(scope, dependencies));
}

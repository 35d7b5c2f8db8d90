import type { Server } from 'node:http';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Counter, Histogram, Registry } from 'prom-client';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { WEBHOOK_PATH } from '../text/redact.js';
import { requireStrongSecrets, TOKEN_CHARACTERS } from './callback-token.js';
import { type AnsweredDelivery, ANSWERS, type DeliveryDependencies, REQUEST_MS } from './delivery.js';
import { answerNodeRequest } from './listener.js';

/** Limits for one sender and for all together. */
export interface ReceiverLimits {
  /** Connections open at once; the receiver drops more. */
  readonly connections: number;
  /** Time in which the headers of a request must arrive, from the connection or the request before. */
  readonly headersMs: number;
  /** Time in which a whole request must arrive. */
  readonly requestMs: number;
  /** Interval between two searches for slow senders; with Node's own 30 s they could stay much longer. */
  readonly sweepMs: number;
}

const LIMITS: ReceiverLimits = {
  connections: 2_048,
  headersMs: 5_000,
  requestMs: REQUEST_MS,
  sweepMs: 1_000,
};

/** Options of `startReceiver`. */
export interface ReceiverOptions extends Omit<DeliveryDependencies, 'bodyMs'> {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Number of our own proxies in front; the receiver believes `X-Forwarded-For` so far and no further. 0 by default. */
  readonly trustedProxyHops?: number;
  readonly limits?: Partial<ReceiverLimits>;
  /** Called after every answer, e.g. for a log. */
  readonly onAnswer?: (delivery: AnsweredDelivery) => void;
}

/** A receiver that listens. */
export interface Receiver {
  /** Address at which it listens, without a slash at the end. */
  readonly url: string;
  /** Takes no new connections, finishes the open requests, and then resolves. */
  stop(): Promise<void>;
}

/** Starts the HTTP server that takes the provider's webhooks. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  requireStrongSecrets(options.secrets);
  const limits = { ...LIMITS, ...options.limits };
  const { trustedProxyHops = 0 } = options;
  const app = fastify({
    routerOptions: { maxParamLength: TOKEN_CHARACTERS },
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.headersMs,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.sweepMs },
    // With a bare number Fastify would trust no proxy.
    trustProxy: (_address, hop) => hop < trustedProxyHops,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    return503OnClosing: true,
  });
  app.server.maxConnections = limits.connections;
  const registry = new Registry();
  const meter = meterReceiver(app.server, registry);
  const answered = (delivery: AnsweredDelivery): void => {
    meter(delivery);
    options.onAnswer?.(delivery);
  };
  webhookRoute(app, { ...options, bodyMs: limits.requestMs }, answered);
  healthRoutes(app, options, registry);
  // A stranger never gets more than a status.
  app.setNotFoundHandler((_request, reply) => reply.code(ANSWERS.unknown).send());
  app.setErrorHandler((error, _request, reply) => reply.code(statusOf(error)).send());
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, stop: () => app.close() };
}

type Answered = (delivery: AnsweredDelivery) => void;

/**
 * Answers deliveries before Fastify parses them: it would refuse content types that are not well-formed, and the provider
 * is said to send some.
 */
function webhookRoute(app: FastifyInstance, dependencies: DeliveryDependencies, answered: Answered): void {
  const { now } = dependencies;
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const startedMs = now();
    reply.hijack();
    const taken = await answerNodeRequest(request.raw, reply.raw, dependencies);
    answered({ ...taken, ms: now() - startedMs, from: request.ip });
  };
  app.post(`${WEBHOOK_PATH}/:token`, { onRequest }, () => undefined);
}

function healthRoutes(app: FastifyInstance, { client }: ReceiverOptions, registry: Registry): void {
  app.get('/healthz', (_request, reply) => reply.send({ ok: true }));
  app.get('/readyz', async (_request, reply) => {
    const ask = client.withDeadline(Date.now() + ENGINE_CALL_MS / 5, () =>
      client.workflowService.getSystemInfo({}),
    );
    const isReady = await ask.then(
      () => true,
      () => false,
    );
    return reply.code(isReady ? 200 : 503).send({ ok: isReady });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}

function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 5];

/**
 * Counts the dropped connections of a server, and returns a function that counts and times deliveries. No label is a key
 * or a project: that would make a series for each render.
 */
function meterReceiver(server: Server, registry: Registry): (delivery: AnsweredDelivery) => void {
  const registers = [registry];
  const dropped = new Counter({
    name: 'renderonce_receiver_dropped_connections_total',
    help: 'Connections dropped because too many were open',
    registers,
  });
  server.on('drop', () => dropped.inc());
  const deliveries = new Counter({
    name: 'renderonce_webhook_deliveries_total',
    help: 'Webhook deliveries by answer',
    labelNames: ['answer'],
    registers,
  });
  for (const answer of Object.keys(ANSWERS)) deliveries.inc({ answer }, 0);
  const seconds = new Histogram({
    name: 'renderonce_webhook_seconds',
    help: 'Time to answer a webhook delivery',
    buckets: SECONDS,
    registers,
  });
  return ({ answer, ms }) => {
    deliveries.inc({ answer });
    seconds.observe(ms / 1_000);
  };
}

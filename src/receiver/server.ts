import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Registry } from 'prom-client';
import {
  ENGINE_CALL_MS,
  RECEIVER_CONNECTIONS,
  RECEIVER_HEADERS_MS,
  RECEIVER_REQUEST_MS,
  RECEIVER_SWEEP_MS,
} from '../render/limits.js';
import { WEBHOOK_PATH } from '../text/redact.js';
import { requireStrongSecrets, TOKEN_CHARACTERS } from './callback-token.js';
import { type AnsweredDelivery, ANSWERS, type DeliveryDependencies } from './delivery.js';
import { answerNodeRequest } from './listener.js';
import { countDropped, meterDeliveries } from './metrics.js';

/** What the receiver grants to one sender and to all; smaller where the defaults are too patient. */
export interface ReceiverLimits {
  /** Connections open at once; more are dropped. */
  readonly connections: number;
  /** Within this time the headers of a request must arrive. */
  readonly headersMs: number;
  /** Within this time a whole request must arrive. */
  readonly requestMs: number;
  /** Slow senders are cut off this much later at most. */
  readonly sweepMs: number;
}

const LIMITS: ReceiverLimits = {
  connections: RECEIVER_CONNECTIONS,
  headersMs: RECEIVER_HEADERS_MS,
  requestMs: RECEIVER_REQUEST_MS,
  sweepMs: RECEIVER_SWEEP_MS,
};

/** What `startReceiver` takes. */
export interface ReceiverOptions extends Omit<DeliveryDependencies, 'bodyMs'> {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** How many proxies in front are ours; `X-Forwarded-For` is believed that far and no further. 0 by default. */
  readonly trustedProxyHops?: number;
  readonly limits?: Partial<ReceiverLimits>;
  /** Told of every delivery after it was answered, e.g. for a log. */
  readonly onAnswer?: (delivery: AnsweredDelivery) => void;
}

/** A receiver that listens. */
export interface Receiver {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Takes no new connections, finishes what is under way, and resolves when nothing is left. */
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
    // A bare number would trust nobody: Fastify takes it for too little to know.
    trustProxy: (_address, hop) => hop < trustedProxyHops,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    return503OnClosing: true,
  });
  app.server.maxConnections = limits.connections;
  const registry = new Registry();
  countDropped(app.server, registry);
  const meter = meterDeliveries(registry);
  const answered = (delivery: AnsweredDelivery): void => {
    meter(delivery);
    options.onAnswer?.(delivery);
  };
  webhookRoute(app, { ...options, bodyMs: limits.requestMs }, answered);
  healthRoutes(app, options, registry);
  // Nothing that a stranger sends is answered with more than a status.
  app.setNotFoundHandler((_request, reply) => reply.code(ANSWERS.unknown).send());
  app.setErrorHandler((error, _request, reply) => reply.code(statusOf(error)).send());
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, stop: () => app.close() };
}

type Answered = (delivery: AnsweredDelivery) => void;

/**
 * Deliveries are answered before Fastify looks at them any closer: it would refuse content types that are not
 * well-formed, and the provider is said to send some.
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

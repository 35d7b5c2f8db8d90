import { fastify } from 'fastify';
import { Registry } from 'prom-client';
import { requireStrongSecrets, TOKEN_CHARACTERS } from './callback-token.js';
import { type AnsweredDelivery, ANSWERS, type DeliveryDependencies, REQUEST_MS } from './delivery.js';
import {
  addHealthRoutes,
  addWebhookRoute,
  closeWithoutIdling,
  guardedServer,
  meterReceiver,
} from './routes.js';

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
    ...guardedServer(limits, trustedProxyHops),
    keepAliveTimeout: limits.headersMs,
  });
  app.server.maxConnections = limits.connections;
  closeWithoutIdling(app);
  const registry = new Registry();
  const meter = meterReceiver(app.server, registry);
  const answered = (delivery: AnsweredDelivery): void => {
    meter(delivery);
    options.onAnswer?.(delivery);
  };
  addWebhookRoute(app, { ...options, bodyMs: limits.requestMs }, answered);
  addHealthRoutes(app, options.client, registry);
  // A stranger never gets more than a status.
  app.setNotFoundHandler((_request, reply) => reply.code(ANSWERS.unknown).send());
  app.setErrorHandler((error, _request, reply) => reply.code(statusOf(error)).send());
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, stop: () => app.close() };
}

function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

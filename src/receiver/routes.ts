import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Client } from '@temporalio/client';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { WEBHOOK_PATH } from '../text/redact.js';
import { type AnsweredDelivery, ANSWERS, type DeliveryDependencies } from './delivery.js';
import { answerNodeRequest } from './listener.js';

/** Interval between two searches for idle connections while a server closes. */
const IDLE_SWEEP_MS = 100;

type Answered = (delivery: AnsweredDelivery) => void;

/**
 * Answers deliveries before Fastify parses them: it would refuse content types that are not well-formed, and the provider
 * is said to send some.
 */
export function addWebhookRoute(
  app: FastifyInstance,
  dependencies: DeliveryDependencies,
  answered: Answered,
): void {
  const { now } = dependencies;
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const startedMs = now();
    reply.hijack();
    const taken = await answerNodeRequest(request.raw, reply.raw, dependencies);
    answered({ ...taken, ms: now() - startedMs, from: request.ip });
  };
  app.post(`${WEBHOOK_PATH}/:token`, { onRequest }, () => undefined);
}

/** Options of an app that strangers call: times in milliseconds for a whole request, its headers, and between two sweeps. */
export function guardedServer(
  times: { readonly requestMs: number; readonly headersMs: number; readonly sweepMs: number },
  trustedProxyHops: number,
) {
  return {
    requestTimeout: times.requestMs,
    http: { headersTimeout: times.headersMs, connectionsCheckingInterval: times.sweepMs },
    // With a bare number Fastify would trust no proxy.
    trustProxy: (_address: string, hop: number) => hop < trustedProxyHops,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    return503OnClosing: true,
  } as const;
}

/**
 * Lets an app close as soon as its open requests are answered. Their connections would stay open for a next request, and
 * Node does not count a connection without a first request as idle.
 */
export function closeWithoutIdling(app: FastifyInstance): void {
  const { server } = app;
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  app.addHook('preClose', async () => {
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      for (const socket of silent) socket.destroy();
    }, IDLE_SWEEP_MS);
    server.once('close', () => clearInterval(sweep));
  });
}

/** Adds `/healthz`, `/readyz` and `/metrics`. They hold no secret, and they change nothing. */
export function addHealthRoutes(app: FastifyInstance, client: Client, registry: Registry): void {
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

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 5];

/**
 * Counts the dropped connections of a server, and returns a function that counts and times deliveries. No label is a key
 * or a project: that would make a series for each render.
 */
export function meterReceiver(server: Server, registry: Registry): (delivery: AnsweredDelivery) => void {
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

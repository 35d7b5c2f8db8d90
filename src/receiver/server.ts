import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Counter, Histogram, Registry } from 'prom-client';
import {
  ENGINE_CALL_MS,
  RECEIVER_CONNECTIONS,
  RECEIVER_REQUEST_MS,
  WEBHOOK_BODY_BYTES,
} from '../render/limits.js';
import { WEBHOOK_PATH } from '../render/webhook-destination.js';
import { requireStrongSecrets, TOKEN_CHARACTERS, verifyToken } from './callback-token.js';
import { type Answer, ANSWERS, type DeliveryDependencies, takeDelivery } from './delivery.js';

export interface ReceiverOptions extends DeliveryDependencies {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly onRequest?: (event: { readonly answer: Answer | 'too large'; readonly ms: number }) => void;
}

export interface Receiver {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Takes no new connections, finishes what is under way, and resolves when nothing is left. */
  stop(): Promise<void>;
}

/** Starts the HTTP server that takes the provider's webhooks. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  requireStrongSecrets(options.secrets);
  const app = fastify({
    bodyLimit: WEBHOOK_BODY_BYTES,
    routerOptions: { maxParamLength: TOKEN_CHARACTERS },
    requestTimeout: RECEIVER_REQUEST_MS,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    return503OnClosing: true,
  });
  app.server.maxConnections = RECEIVER_CONNECTIONS;
  const registry = new Registry();
  webhookRoute(app, options, meters(registry, options));
  healthRoutes(app, options, registry);
  // Nothing that a stranger sends is answered with more than a status.
  app.setNotFoundHandler((_request, reply) => reply.code(ANSWERS.unknown).send());
  app.setErrorHandler((error, _request, reply) => reply.code(statusOf(error)).send());
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, stop: () => app.close() };
}

type Meter = (answer: Answer | 'too large', startedMs: number) => void;

function meters(registry: Registry, { now, onRequest }: ReceiverOptions): Meter {
  const registers = [registry];
  const deliveries = new Counter({
    name: 'renderonce_webhook_deliveries_total',
    help: 'Webhook deliveries by what they came to',
    labelNames: ['answer'],
    registers,
  });
  const seconds = new Histogram({
    name: 'renderonce_webhook_seconds',
    help: 'Time to answer a webhook delivery',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 5],
    registers,
  });
  return (answer, startedMs) => {
    const ms = now() - startedMs;
    deliveries.inc({ answer });
    seconds.observe(ms / 1_000);
    onRequest?.({ answer, ms });
  };
}

function webhookRoute(app: FastifyInstance, options: ReceiverOptions, meter: Meter): void {
  // The token is checked before the body is read.
  const onRequest = async (
    request: FastifyRequest<{ Params: { token: string } }>,
    reply: FastifyReply,
  ): Promise<void> => {
    if (verifyToken(request.params.token, options.secrets, options.now()) !== undefined) return;
    meter('unknown', options.now());
    await reply.code(ANSWERS.unknown).send();
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post<{ Params: { token: string } }>(`${WEBHOOK_PATH}/:token`, { onRequest }, async (request, reply) => {
    const startedMs = options.now();
    const contentType = request.headers['content-type'] ?? '';
    const body = typeof request.body === 'string' ? request.body : '';
    const answer = await takeDelivery({ token: request.params.token, contentType, body }, options);
    meter(answer, startedMs);
    return reply.code(ANSWERS[answer]).send();
  });
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

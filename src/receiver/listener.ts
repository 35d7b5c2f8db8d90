import type { IncomingMessage, ServerResponse } from 'node:http';
import { requireStrongSecrets } from './callback-token.js';
import { ANSWERS, type DeliveryDependencies, takeDelivery } from './delivery.js';
import type { WebhookHandlerOptions } from './handler.js';

/** A request of Node's, with the properties that Express adds: the whole URL, and a body that it has read. */
export type NodeRequest = IncomingMessage & { readonly originalUrl?: string; readonly body?: unknown };

/**
 * Creates a webhook handler for servers with Node's own request and response: `node:http`, Express, Fastify (`raw`). Mount
 * it in front of body parsers, or behind one that leaves the bytes as a `Buffer` or text.
 *
 * @throws (rejects) if a body parser has taken the bytes away: that is a fault of the server, not of the delivery
 */
export function createWebhookListener(
  options: WebhookHandlerOptions,
): (request: NodeRequest, response: ServerResponse) => Promise<void> {
  requireStrongSecrets(options.secrets);
  const dependencies = { now: Date.now, ...options };
  return async (request, response) => {
    await answerNodeRequest(request, response, dependencies);
  };
}

/** Takes a delivery, answers it with a bare status, and returns the answer. */
export async function answerNodeRequest(
  request: NodeRequest,
  response: ServerResponse,
  dependencies: DeliveryDependencies,
): ReturnType<typeof takeDelivery> {
  const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?');
  const taken = await takeDelivery(
    {
      method: request.method ?? '',
      path,
      contentType: request.headers['content-type'],
      contentLength: request.headers['content-length'],
      body: bytesOf(request),
    },
    dependencies,
  );
  // Closes the connection if the rest of the body stays unread, and for every stranger, so that they learn nothing from it.
  const status = ANSWERS[taken.answer];
  const isOver = status === ANSWERS.unknown || !request.complete;
  response.writeHead(status, { 'content-length': 0, ...(isOver ? { connection: 'close' } : {}) });
  response.end();
  return taken;
}

function bytesOf(request: NodeRequest): AsyncIterable<Uint8Array> {
  if (!request.readableDidRead) return request;
  const { body } = request;
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) {
    throw new Error('the body of the delivery was read before: mount the handler in front of body parsers');
  }
  return (async function* () {
    yield Buffer.from(body);
  })();
}

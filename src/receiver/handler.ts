import { requireStrongSecrets } from './callback-token.js';
import { ANSWERS, type DeliveryDependencies, takeDelivery } from './delivery.js';

/** Options of `createWebhookHandler`; the clock is the system's by default. */
export type WebhookHandlerOptions = Omit<DeliveryDependencies, 'now'> & {
  readonly now?: DeliveryDependencies['now'];
};

/**
 * Creates a webhook handler for a backend with its own HTTP server: a function from a Fetch API `Request` to a `Response`.
 * Mount it for POST at `/json2video/<token>`, before anything reads the body. `createWebhookListener` is for servers with
 * Node's own request and response.
 *
 * @example
 * const handle = createWebhookHandler({ client, secrets: [process.env.RENDERONCE_WEBHOOK_SECRET] });
 * export const POST = (request) => handle(request);
 */
export function createWebhookHandler(
  options: WebhookHandlerOptions,
): (request: Request) => Promise<Response> {
  requireStrongSecrets(options.secrets);
  const dependencies = { now: Date.now, ...options };
  return async ({ method, url, headers, body }) => {
    const delivery = {
      method,
      path: new URL(url).pathname,
      contentType: headers.get('content-type') ?? undefined,
      contentLength: headers.get('content-length') ?? undefined,
      body: body ?? NO_BODY,
    };
    const { answer } = await takeDelivery(delivery, dependencies);
    return new Response(null, { status: ANSWERS[answer] });
  };
}

const NO_BODY: AsyncIterable<Uint8Array> = {
  async *[Symbol.asyncIterator]() {},
};

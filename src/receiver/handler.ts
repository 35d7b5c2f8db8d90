import { WEBHOOK_BODY_BYTES } from '../render/limits.js';
import { WEBHOOK_PATH } from '../render/webhook-destination.js';
import { requireStrongSecrets, verifyToken } from './callback-token.js';
import { type Answer, ANSWERS, type DeliveryDependencies, takeDelivery } from './delivery.js';

export type WebhookHandlerOptions = Omit<DeliveryDependencies, 'now'> & {
  readonly now?: DeliveryDependencies['now'];
};

/**
 * A webhook handler for backends that have their own HTTP server: a function from a Fetch API `Request` to a `Response`.
 * Mount it for POST at `/json2video/<token>`; the body must not have been read.
 *
 * @example
 * const handle = createWebhookHandler({ client, secrets: [process.env.RENDERONCE_WEBHOOK_SECRET] });
 * export const POST = (request) => handle(request);
 */
export function createWebhookHandler(
  options: WebhookHandlerOptions,
): (request: Request) => Promise<Response> {
  requireStrongSecrets(options.secrets);
  const dependencies = { ...options, now: options.now ?? Date.now };
  return async (request) => {
    const token = tokenOf(new URL(request.url).pathname);
    const { secrets, now } = dependencies;
    if (request.method !== 'POST' || verifyToken(token, secrets, now()) === undefined)
      return respond('unknown');
    const body = await readBody(request);
    if (body === undefined) return new Response(null, { status: 413 });
    const contentType = request.headers.get('content-type') ?? '';
    return respond(await takeDelivery({ token, contentType, body }, dependencies));
  };
}

/** The last segment of a path that ends in `/json2video/<token>`. */
function tokenOf(path: string): string {
  const [, token = ''] = new RegExp(`${WEBHOOK_PATH}/([^/]+)$`).exec(path) ?? [];
  return token;
}

function respond(answer: Answer): Response {
  return new Response(null, { status: ANSWERS[answer] });
}

/** The body as text, or nothing where it is over the limit; a lying length is no help to the sender. */
async function readBody(request: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > WEBHOOK_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

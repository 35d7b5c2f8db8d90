import { type Config } from '../config.js';
import { requireWebhookSecrets } from './required.js';
import { urlFault } from '../movie/public-url.js';
import { signToken } from '../receiver/callback-token.js';
import { WEBHOOK_PATH } from '../text/redact.js';
import { reachFault } from '../text/reach-fault.js';
import { shorten } from '../text/text.js';

/** Makes the address to which the provider reports the end of a key's render. */
type CallbackUrl = (key: string, expiresAt: Date) => string;

/**
 * Returns a maker of callback addresses, or undefined if no receiver is configured. `secrets` replaces the configured
 * secrets.
 *
 * @throws ConfigInvalid if there is a receiver and no secret
 */
export function callbackUrls(config: Config, secrets?: readonly string[]): CallbackUrl | undefined {
  const { webhookUrl } = config;
  if (webhookUrl === undefined) return undefined;
  const signing = secrets ?? requireWebhookSecrets(config);
  return (key, expiresAt) => {
    const url = new URL(webhookUrl);
    // A query stays behind the path: in it the token would not reach the receiver.
    url.pathname = `${url.pathname.replace(/\/+$/, '')}${WEBHOOK_PATH}/${signToken(key, expiresAt, signing)}`;
    url.hash = '';
    return url.href;
  };
}

/** Returns why the provider cannot report to an address; undefined if nothing speaks against it. */
export function notPublicBecause(url: string): string | undefined {
  if (new URL(url).protocol !== 'https:') return 'it is not https';
  const fault = urlFault(url);
  return fault === undefined ? undefined : `it ${fault}`;
}

/** Longest wait for a receiver's answer: a person waits for it, and the provider is said to wait for 5 s. */
const DELIVERY_MS = 10_000;

/** HTTP status of a receiver's answer, or the reason why there is none. */
export type Delivered = { readonly status: number } | { readonly unreachable: string };

/** Sends one webhook delivery as the provider does. */
export async function deliver(url: string, body: string): Promise<Delivered> {
  try {
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(DELIVERY_MS),
    });
    await reply.body?.cancel();
    return { status: reply.status };
  } catch (error) {
    // The error itself says only that the fetch failed; its cause says why.
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { unreachable: shorten(reachFault(cause)) };
  }
}

import { messageOf, shorten } from '../text/text.js';
import { DELIVERY_MS } from './limits.js';

/** What a receiver answered, or why it did not. */
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
    // What went wrong stands in the cause; the error itself says that the fetch failed.
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { unreachable: shorten(messageOf(cause)) };
  }
}

import { isJsonObject, parseJson } from '../text/json.js';
import { isAboutAccount } from '../render/submission.js';
import { messageOf, shorten } from '../text/text.js';
import { hiding, type HttpGet } from './http-get.js';

/** The provider's answer about an API key, from a call that costs nothing. */
export type AccountProbe =
  | { readonly says: 'unreachable'; readonly message: string }
  | {
      readonly says: 'accepted' | 'refused' | 'unclear';
      readonly message: string;
      /** Our clock minus the provider's; absent if the reply has no `Date`, which has whole seconds. */
      readonly aheadMs?: number;
    };

/** A person waits for the answer. */
const PROBE_MS = 10_000;

/** Asks for the account's templates: every role may read them, and the call renders nothing. */
export async function probeAccount(
  get: HttpGet,
  { url, apiKey, now }: { readonly url: string; readonly apiKey: string; readonly now: () => number },
): Promise<AccountProbe> {
  const askedMs = now();
  try {
    const reply = await get(
      new URL('/v2/templates', url),
      { 'x-api-key': apiKey, accept: 'application/json' },
      { timeoutMs: PROBE_MS },
    );
    const halfwayMs = (askedMs + now()) / 2;
    const { status, body, dateMs } = hiding(apiKey)(reply);
    return {
      ...answerIn(status, body),
      ...(dateMs === undefined ? {} : { aheadMs: Math.round(halfwayMs - dateMs - 500) }),
    };
  } catch (error) {
    return { says: 'unreachable', message: shorten(messageOf(error)) };
  }
}

function answerIn(
  status: number,
  text: string,
): { readonly says: 'accepted' | 'refused' | 'unclear'; readonly message: string } {
  const body = parseJson(text);
  if (status === 200 && isJsonObject(body)) return { says: 'accepted', message: `HTTP ${status}` };
  const said = isJsonObject(body) ? (body['message'] ?? body['error']) : undefined;
  const message = `HTTP ${status}${typeof said === 'string' ? `: ${shorten(said)}` : ''}`;
  // A wrong key gets 400; the provider's pages say 401 and 403.
  const isRefusal = status === 401 || status === 403 || (status === 400 && isAboutAccount(message));
  return { says: isRefusal ? 'refused' : 'unclear', message };
}

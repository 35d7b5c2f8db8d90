import { isJsonObject, parseJson } from '../text/json.js';
import { isAboutAccount } from '../render/submission.js';
import { reachFault } from '../text/reach-fault.js';
import { shorten } from '../text/text.js';
import { CACHED } from './classify-reading.js';
import { type HttpGet, type HttpReply, withQuery } from './http-get.js';

/** The provider's answer about an account, from a call that costs nothing. */
interface AccountProbe {
  /** `accepted`: key, credits and connection are fine. `refused`: the key is not valid, or may not do this. */
  readonly says: 'accepted' | 'refused' | 'no-credits' | 'unclear' | 'unreachable';
  readonly message: string;
  /** Seconds of video that the account may still render; absent if the reply does not say. */
  readonly creditsLeft?: number;
  /** Our clock minus the provider's; absent if the reply has no `Date`, which has whole seconds. */
  readonly aheadMs?: number;
}

/** A person may wait for the answer. */
const PROBE_MS = 10_000;

/** Asks for a list of one movie: every role may read it, it renders nothing, and the reply has the rest of the quota. */
export async function probeAccount(
  get: HttpGet,
  movies: URL,
  headers: Record<string, string>,
  now: () => number,
): Promise<AccountProbe> {
  const url = withQuery(movies, [
    ['limit', '1'],
    ['format', 'simple'],
  ]);
  const askedMs = now();
  try {
    const reply = await get(url, headers, { timeoutMs: PROBE_MS });
    const halfwayMs = (askedMs + now()) / 2;
    return {
      ...answerIn(reply),
      ...(reply.dateMs === undefined ? {} : { aheadMs: Math.round(halfwayMs - reply.dateMs - 500) }),
    };
  } catch (error) {
    return { says: 'unreachable', message: shorten(reachFault(error)) };
  }
}

const CREDITS = /credit|quota|suspended/i;

function answerIn({ status, body: text, isCached }: HttpReply): AccountProbe {
  const body = parseJson(text);
  if (isCached === true) return { says: 'unclear', message: CACHED };
  if (status === 200 && isJsonObject(body) && body['success'] !== false) {
    const creditsLeft = creditsIn(body['remaining_quota']);
    if (creditsLeft === undefined) return { says: 'accepted', message: `HTTP ${status}` };
    return {
      says: creditsLeft > 0 ? 'accepted' : 'no-credits',
      message: `${creditsLeft} credits left`,
      creditsLeft,
    };
  }
  const said = isJsonObject(body) ? (body['message'] ?? body['error']) : undefined;
  const message = `HTTP ${status}${typeof said === 'string' ? `: ${shorten(said)}` : ''}`;
  if (isAboutAccount(message)) return { says: CREDITS.test(message) ? 'no-credits' : 'refused', message };
  // A wrong key gets 400; the provider's pages say 401 and 403.
  return { says: isJsonObject(body) && (status === 401 || status === 403) ? 'refused' : 'unclear', message };
}

/** Returns the credits in `remaining_quota`. Accounts with an old plan have `movies` and `drafts` beside `time`. */
function creditsIn(quota: unknown): number | undefined {
  const time = isJsonObject(quota) ? quota['time'] : undefined;
  const credits = typeof time === 'string' && time.trim() !== '' ? Number(time) : time;
  return typeof credits === 'number' && Number.isFinite(credits) ? credits : undefined;
}

import { DONE, meetsOften, RUNNING, type Setup, says } from '../../support/provider-setups.js';
import { type Answer, httpReply } from '../../support/scripted-provider.js';
import type { Violation } from '../check.js';
import { DAY, PROJECT, scripted } from './scripted.js';

/** What a webhook render may cost in history, however long it lasts. */
const EVENTS = 22;

export const LONG_RENDER = scripted({
  name: 'a render takes 50 minutes, and its webhook comes',
  ends: 'done',
  webhooks: true,
  given: [says([[3_000, RUNNING]], DONE)],
  happens: async ({ env, report }) => {
    await env.sleep('51 minutes');
    await report(PROJECT, 'done');
  },
  unexpected: async ({ handle }) => {
    const { events = [] } = await handle.fetchHistory();
    const count = events?.length ?? 0;
    return count <= EVENTS ? [] : [broken(`${count} events of history`)];
  },
});

/** The provider's floor of 5 s, less what the two clocks differ by. */
const GAP_MS = 4_900;

export const HINT_FLOOD = scripted({
  name: 'hints come twice a second while the provider says running',
  ends: 'done',
  webhooks: true,
  given: [says([[30, RUNNING]], DONE)],
  happens: async ({ env, report }) => {
    await env.sleep('10 seconds');
    for (let index = 0; index < 20; index += 1) {
      await report(PROJECT, `status ${index}`);
      await env.sleep('500ms');
    }
  },
  unexpected: async (_run, askedAtMs) => {
    const gaps = askedAtMs.slice(1).map((atMs, index) => atMs - (askedAtMs[index] ?? 0));
    if (gaps.length < 2) return [{ rule: 'vacuity', what: 'hardly a status check was made' }];
    const least = Math.min(...gaps);
    return least >= GAP_MS ? [] : [broken(`status checks ${least} ms apart`)];
  },
});

const BUSY_MS = 10 * 3_600_000;

/** More submissions than any run makes in that time. */
const busyForHours: Setup = (provider, ...rest) => {
  let sinceMs = Number.NaN;
  const answer: Answer = async (movie) => {
    const nowMs = await provider.now();
    if (Number.isNaN(sinceMs)) sinceMs = nowMs;
    if (nowMs - sinceMs < BUSY_MS) return httpReply(429, { success: false, message: 'too many requests' });
    return provider.replyAccepted(await provider.accept(movie));
  };
  return meetsOften(60, answer)(provider, ...rest);
};

export const BUSY_FOR_HOURS = scripted({
  name: 'the provider limits the rate of submissions for 10 hours of a patience of two days',
  ends: 'done',
  options: { submitPatienceSeconds: 2 * DAY },
  given: [busyForHours],
});

const broken = (what: string): Violation => ({ rule: 'class', what });

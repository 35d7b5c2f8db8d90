import { LIST_PAGE_MOVIES, LIST_PAGES } from '../../src/render/limits.js';
import { latestPostEndMs, lookSince, lookTimesMs } from '../../src/render/look-times.js';
import { parseOptions } from '../../src/render/options.js';

/**
 * Submissions a second of one account up to which a doubt can be settled: the last look reads all movies from ten
 * minutes before the run began until the end of the settle window, and a list longer than `LIST_PAGES` is no look.
 */
export function lookLimitPerSecond(): number {
  const { submitTimeoutSeconds, settleSeconds } = parseOptions({});
  const startedAtMs = Date.UTC(2026, 0, 1);
  const startToCloseMs = submitTimeoutSeconds * 1_000;
  // The attempt of which least is known: it fell silent, and ended with its time.
  const endedAtMs = startedAtMs + startToCloseMs;
  const postEndMs = latestPostEndMs({ endedAtMs, lastedAtLeastMs: startToCloseMs, startToCloseMs });
  const [, , lastLookMs] = lookTimesMs(endedAtMs, postEndMs + settleSeconds * 1_000);
  const windowSeconds = (lastLookMs - Date.parse(lookSince(startedAtMs, undefined))) / 1_000;
  return (LIST_PAGES * LIST_PAGE_MOVIES) / windowSeconds;
}

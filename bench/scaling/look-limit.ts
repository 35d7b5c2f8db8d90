import { latestPostEndMs, lookSince, lookTimesMs } from '../../src/render/look-times.js';
import { parseOptions } from '../../src/render/options.js';

/** Movies that one look reads at most: 1,000 pages of 100, see `listMovies`. */
const LOOK_MOVIES = 100_000;

/**
 * Returns the submissions a second of one account up to which a doubt can be settled: the last look reads all movies from
 * ten minutes before the run began until the end of the settle window, and a look at a longer list fails.
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
  return LOOK_MOVIES / windowSeconds;
}

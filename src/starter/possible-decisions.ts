import type { ActivityResults } from '../render/activity-results.js';
import { latestPostEndMs } from '../render/look-times.js';
import { NUMBERS, type RenderOptionsInput } from '../render/options.js';
import type { RenderRequest } from '../render/request.js';
import type { RenderState } from '../render/state.js';
import { membersOf } from '../text/json.js';
import { isoOf } from '../text/time.js';
import type { Recorded } from './history.js';

/** A decision that a render in doubt accepts, now or from a time on. */
export interface PossibleDecision {
  readonly action: 'adopt' | 'resubmit' | 'abandon';
  /** ISO 8601 UTC; absent if it is accepted now. */
  readonly from?: string;
}

/**
 * Returns the decisions that a run in this state accepts. A resubmission waits until nothing that was sent can turn up any
 * more, and is never accepted after a cancel or a rejection.
 */
export function possibleDecisions(
  state: RenderState,
  recorded: readonly Recorded[],
  nowMs: number,
): readonly PossibleDecision[] {
  if (state !== 'held' && state !== 'unknown') return [];
  const always = [{ action: 'adopt' }, { action: 'abandon' }] as const;
  const sent = submissionsIn(recorded);
  if (sent.isRejected || recorded.some(({ what }) => what === 'cancel requested')) return always;
  // A key is held only after the settle window.
  const isEarly = state === 'unknown' && sent.settledAtMs > nowMs;
  return [...always, { action: 'resubmit', ...(isEarly ? { from: isoOf(sent.settledAtMs) } : {}) }];
}

/** Returns when everything that was sent is settled, and if the provider has rejected the movie last. */
function submissionsIn(recorded: readonly Recorded[]): {
  readonly settledAtMs: number;
  readonly isRejected: boolean;
} {
  const timeouts = new Map<string, number>();
  let settleMs = NUMBERS.settleSeconds.default * 1_000;
  let settledAtMs = 0;
  let isRejected = false;
  for (const each of recorded) {
    if (each.what === 'started') settleMs = settleSecondsOf(each.request) * 1_000;
    if (each.what === 'activity' && each.type === 'submitMovie') timeouts.set(each.id, each.timeoutMs);
    if (!isEnd(each)) continue;
    const startToCloseMs = timeouts.get(each.id);
    if (startToCloseMs === undefined) continue;
    const result = each.what === 'activity ended' ? each.result : {};
    const { submission, elapsedMs } = membersOf<ActivityResults['submitMovie']>(result);
    const { end } = membersOf<ActivityResults['submitMovie']['submission']>(submission);
    isRejected = end === 'rejected';
    if (end !== undefined && end !== 'unknown') continue;
    const lastedAtLeastMs = typeof elapsedMs === 'number' ? elapsedMs : 0;
    const postEndMs = latestPostEndMs({ endedAtMs: each.atMs, lastedAtLeastMs, startToCloseMs });
    settledAtMs = Math.max(settledAtMs, postEndMs + settleMs + MARGIN_MS);
  }
  return { settledAtMs, isRejected };
}

/** The workflow takes note of an end a moment after the engine recorded it, and counts from there. */
const MARGIN_MS = 5_000;

type End = Extract<Recorded, { what: 'activity ended' | 'activity failed' | 'activity fell silent' }>;

function isEnd(recorded: Recorded): recorded is End {
  return ['activity ended', 'activity failed', 'activity fell silent'].includes(recorded.what);
}

function settleSecondsOf(request: unknown): number {
  const { options } = membersOf<RenderRequest>(request);
  const { settleSeconds } = membersOf<RenderOptionsInput>(options);
  return typeof settleSeconds === 'number' ? settleSeconds : NUMBERS.settleSeconds.default;
}

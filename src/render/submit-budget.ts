/** Division of the time of one submit attempt, in milliseconds. */
interface SubmitBudget {
  /** All steps before the connection: the run's first event, the engine's index, the template. */
  readonly preparationMs: number;
  readonly connectMs: number;
  /** The fence: one call to the engine. */
  readonly engineCallMs: number;
  /** The first byte must leave before this much of the attempt has passed. */
  readonly latestBeginMs: number;
  /** The reply must be whole before this much of the attempt has passed. */
  readonly latestReplyMs: number;
  /** Silence after which the engine ends the attempt: longer than all steps before the fence. */
  readonly heartbeatMs: number;
}

/**
 * Derives every timeout of a submit attempt from the activity's start-to-close timeout, so that the attempt always
 * ends by itself before the engine ends it: preparation, connect, fence, reply and a margin fit into it.
 */
export function submitBudget(startToCloseMs: number): SubmitBudget {
  const preparationMs = Math.min(20_000, startToCloseMs * 0.3);
  const connectMs = Math.min(10_000, startToCloseMs * 0.2);
  const engineCallMs = Math.min(5_000, startToCloseMs * 0.1);
  const marginMs = Math.min(5_000, startToCloseMs * 0.1);
  const latestBeginMs = preparationMs + connectMs + engineCallMs + marginMs / 2;
  return {
    preparationMs,
    connectMs,
    engineCallMs,
    latestBeginMs,
    latestReplyMs: startToCloseMs - marginMs / 2,
    heartbeatMs: Math.min(startToCloseMs, latestBeginMs + marginMs),
  };
}

/** Division of the time of one submit attempt, in milliseconds. */
export interface SubmitBudget {
  /** One call to the engine: the read of the run's first event, or the fence. */
  readonly engineCallMs: number;
  readonly connectMs: number;
  /** From the first byte sent to the last byte of the reply. */
  readonly replyMs: number;
  /** The first byte must leave before this much of the attempt has passed. */
  readonly latestBeginMs: number;
  /** Silence after which the engine ends the attempt: longer than all steps before the fence. */
  readonly heartbeatMs: number;
}

/**
 * Derives every timeout of a submit attempt from the activity's start-to-close timeout, so that the attempt always
 * ends by itself before the engine ends it: engine call, connect, engine call, reply and a margin fit into it.
 */
export function submitBudget(startToCloseMs: number): SubmitBudget {
  const engineCallMs = Math.min(5_000, startToCloseMs * 0.1);
  const connectMs = Math.min(10_000, startToCloseMs * 0.2);
  const marginMs = Math.min(5_000, startToCloseMs * 0.1);
  const beforeBytesMs = engineCallMs + connectMs + engineCallMs;
  const latestBeginMs = beforeBytesMs + marginMs / 2;
  return {
    engineCallMs,
    connectMs,
    replyMs: startToCloseMs - latestBeginMs - marginMs / 2,
    latestBeginMs,
    heartbeatMs: Math.min(startToCloseMs, latestBeginMs + marginMs),
  };
}

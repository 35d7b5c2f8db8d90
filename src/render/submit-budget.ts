/** How one submit attempt divides its time; all in milliseconds. */
export interface SubmitBudget {
  /** One call to the engine: reading the run's first event, or the fence. */
  readonly engineCallMs: number;
  readonly connectMs: number;
  /** From the first byte sent to the last byte of the reply. */
  readonly replyMs: number;
  /** Bytes may begin only while this much of the attempt has not passed. */
  readonly latestBeginMs: number;
  /** Silence after which the engine gives the attempt up: longer than all that happens before the fence. */
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

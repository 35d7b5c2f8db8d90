/** A token bucket on the fake's clock: so many requests a minute, all at once if need be. */
export class RateLimit {
  #tokens: number | undefined;
  #filledAtMs = 0;

  /** Undefined: go on. Else the seconds after which the next request is let through. */
  take(nowMs: number, perMinute: number): number | undefined {
    const perMs = perMinute / 60_000;
    const grown = (this.#tokens ?? perMinute) + (nowMs - this.#filledAtMs) * perMs;
    this.#tokens = Math.min(perMinute, grown);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) / perMs / 1000);
    this.#tokens -= 1;
    return undefined;
  }
}

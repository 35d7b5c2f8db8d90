/** A token bucket on the server's clock: a number of requests a minute, which may come all at once. */
export class RateLimit {
  #tokens: number | undefined;
  #filledAtMs = 0;

  /** Takes one request; undefined if it may go on, otherwise the seconds after which the next one may. */
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

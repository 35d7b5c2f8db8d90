import type { EngineUnavailable } from '../render/errors.js';
import type { CurrentRun } from '../temporal/current-run.js';

/** Runs of the key that one call has seen, over all its attempts. No clock is part of it. */
export class Sightings {
  /** The runs that were open at a moment of this call: their end is this call's end. */
  readonly #joined = new Set<string>();
  /** The open run that was seen last. */
  newest: string | undefined;
  /** True if the engine knew the key at a moment of this call. Then the call never starts it as if it were new. */
  isKnown = false;
  /** The last refusal by the engine's rate limits. */
  limited: EngineUnavailable | undefined;

  /** Records a run that is open. */
  join(runId: string): void {
    this.isKnown = true;
    this.#joined.add(runId);
    this.newest = runId;
  }

  /** Records a run as the engine describes it. */
  see({ runId, status }: CurrentRun): void {
    this.isKnown = true;
    if (status === 'running') this.join(runId);
  }

  hasJoined(runId: string): boolean {
    return this.#joined.has(runId);
  }
}

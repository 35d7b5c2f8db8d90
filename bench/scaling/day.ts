/** A day of arrivals at a system of limited capacity. */
export interface Day {
  readonly rendersPerDay: number;
  /** The busiest moment against the mean, at least 1 and at most 2; the course of the day is a cosine. */
  readonly peakToMean: number;
  /** Renders that the system can take in a second, from submission to outcome. */
  readonly capacityPerSecond: number;
  /** How long the provider renders. */
  readonly renderSeconds: number;
}

/** How that day goes. */
export interface DayResult {
  readonly peakArrivalsPerSecond: number;
  /** Submitted and not yet ended, at the most. */
  readonly peakInFlight: number;
  /** Not yet submitted, at the most. */
  readonly peakBacklog: number;
  /** The longest that a render waited for its submission. */
  readonly longestWaitSeconds: number;
  /** Whether the backlog of one day is gone before that of the next begins. */
  readonly isSustained: boolean;
}

const DAY_SECONDS = 86_400;
/** Finer steps change no digit that is shown. */
const STEP_SECONDS = 10;

/**
 * Plays two days as a flow, the first to let the system fill: what arrives is taken up to the capacity, the rest waits
 * its turn; what was taken is in flight for as long as the provider renders.
 */
export function simulateDay({ rendersPerDay, peakToMean, capacityPerSecond, renderSeconds }: Day): DayResult {
  const meanPerSecond = rendersPerDay / DAY_SECONDS;
  const taken: number[] = [];
  const peak = { arrivals: 0, inFlight: 0, backlog: 0 };
  const stepsInFlight = Math.max(1, Math.ceil(renderSeconds / STEP_SECONDS));
  let [backlog, inFlight] = [0, 0];
  for (let atSeconds = 0; atSeconds < 2 * DAY_SECONDS; atSeconds += STEP_SECONDS) {
    // The trough is at midnight.
    const swing = -Math.cos((2 * Math.PI * atSeconds) / DAY_SECONDS);
    const perSecond = meanPerSecond * (1 + (peakToMean - 1) * swing);
    const arrived = perSecond * STEP_SECONDS;
    const now = Math.min(backlog + arrived, capacityPerSecond * STEP_SECONDS);
    backlog += arrived - now;
    taken.push(now);
    inFlight += now - (taken.at(-1 - stepsInFlight) ?? 0);
    peak.arrivals = Math.max(peak.arrivals, perSecond);
    peak.inFlight = Math.max(peak.inFlight, inFlight);
    peak.backlog = Math.max(peak.backlog, backlog);
  }
  return {
    peakArrivalsPerSecond: peak.arrivals,
    peakInFlight: peak.inFlight,
    peakBacklog: peak.backlog,
    longestWaitSeconds: peak.backlog / capacityPerSecond,
    isSustained: backlog < 1,
  };
}

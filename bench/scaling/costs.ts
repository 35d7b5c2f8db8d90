import type { Results } from '../results.js';

/** What one render costs by webhook, whatever it is multiplied by. */
export interface RenderCost {
  readonly stateTransitions: number;
  /** Beside the movie. */
  readonly historyBytes: number;
  /** Requests to the provider. */
  readonly requests: number;
  /** Billable Actions on Temporal Cloud. */
  readonly actions: number;
}

/**
 * Billable Actions of a render that ends before its first safety check, by the rules of Temporal Cloud's documentation
 * (read in November 2026): start, update, the submit activity, its one heartbeat (the fence), the first attempt of the
 * check, two upserts of search attributes, the signal, and the local activities of one workflow task together.
 */
export const ACTIONS = {
  start: 1,
  update: 1,
  submitMovie: 1,
  fence: 1,
  checkMovie: 1,
  upserts: 2,
  signal: 1,
  confirmation: 1,
} as const;

const ACTIONS_PER_RENDER = Object.values(ACTIONS).reduce((sum, each) => sum + each, 0);

/** A further attempt of the check: one Action, one GET, two state transitions (measured), no history. */
const PER_SAFETY_CHECK = { actions: 1, requests: 1, stateTransitions: 2 } as const;

/** The safety net's cadence, seconds: as `watchDelayMs` in `src/render/waiting.ts` has it. */
const FIRST_CHECK_SECONDS = 60;
const LONGEST_PAUSE_SECONDS = 300;

/** Safety checks that fall due before a render of this length ends. */
export function safetyChecks(renderSeconds: number): number {
  let checks = 0;
  let pauseSeconds = FIRST_CHECK_SECONDS;
  for (let atSeconds = pauseSeconds; atSeconds < renderSeconds; atSeconds += pauseSeconds) {
    checks += 1;
    pauseSeconds = Math.min(pauseSeconds * 2, LONGEST_PAUSE_SECONDS);
  }
  return checks;
}

/** The measured costs of a short render, and what the safety net adds to one of this length. */
export function costOf(
  { costs, providerRequestsPerRender }: Pick<Results, 'costs' | 'providerRequestsPerRender'>,
  renderSeconds: number,
): RenderCost {
  const checks = safetyChecks(renderSeconds);
  return {
    stateTransitions: costs.webhook.stateTransitions + checks * PER_SAFETY_CHECK.stateTransitions,
    historyBytes: costs.webhook.historyBytes,
    requests: providerRequestsPerRender + checks * PER_SAFETY_CHECK.requests,
    actions: ACTIONS_PER_RENDER + checks * PER_SAFETY_CHECK.actions,
  };
}

import { activityInfo, Context } from '@temporalio/activity';
import type { ActivityResults } from '../render/activity-results.js';
import { budgetText } from '../render/budget-text.js';
import { type BudgetWait, PROBED_CAUSES } from '../render/submission.js';
import { readBudget } from '../temporal/budgets.js';
import type { ActivityDependencies } from './dependencies.js';
import { stillWaiting } from '../temporal/still-waiting.js';

/** Pause between two probes. */
const PROBE_PAUSE_MS = 300_000;

/** First pause before a budget is asked; it doubles. */
const BUDGET_PAUSE_MS = 5_000;

interface AwaitReadyRequest {
  /** The cause of the refusal, one of `PROBED_CAUSES`, or a budget. */
  readonly waitingFor: string;
  readonly budget?: BudgetWait | undefined;
}

/**
 * Creates the activity that probes the account, or a budget, until the cause of a refusal has gone. It never sends a movie.
 * It fails retryably until then, so that weeks add nothing to the history.
 */
export function createAwaitReady({ json2video, creditsFloor = 0 }: ActivityDependencies) {
  return async function awaitReady(request: AwaitReadyRequest): Promise<ActivityResults['awaitReady']> {
    const { waitingFor, budget } = request;
    if (budget !== undefined) return awaitBudget(budget);
    if (activityInfo().attempt === 1) throw stillWaiting('the first probe follows', PROBE_PAUSE_MS);
    const { says, message, creditsLeft } = await json2video.probe();
    // Without a clear answer, and if another cause has come, the next submission tells.
    const isReached = waitingFor === PROBED_CAUSES.connection && says !== 'unreachable';
    const isLow = creditsLeft !== undefined && creditsLeft < creditsFloor;
    if (isReached || (!isLow && (says === 'accepted' || says === 'unclear'))) return { message };
    throw stillWaiting(`still waiting for ${waitingFor}: ${message}`, PROBE_PAUSE_MS);
  };
}

/** Asks a budget at growing intervals, and when its next window begins; the next submission reserves. */
async function awaitBudget({ name, needs }: BudgetWait): Promise<ActivityResults['awaitReady']> {
  const { attempt } = activityInfo();
  const pauseMs = Math.min(BUDGET_PAUSE_MS * 2 ** Math.min(attempt - 1, 10), PROBE_PAUSE_MS);
  // Thousands may wait for the same moment.
  const jitteredMs = Math.round(pauseMs * (1 + Math.random() / 2));
  if (attempt === 1) throw stillWaiting(`the first look at budget ${name} follows`, jitteredMs);
  const nowMs = Date.now();
  const view = await readBudget(Context.current().client, name, nowMs);
  if (view === undefined) throw stillWaiting(`there is no budget ${name}`, jitteredMs);
  if (view.left >= needs) return { message: `budget ${name} has credits` };
  const untilNextMs = view.window.end === null ? Infinity : Date.parse(view.window.end) - nowMs;
  const message = `still waiting for budget ${name}: ${budgetText(view)}`;
  const nextMs = Math.min(jitteredMs, untilNextMs + Math.round(Math.random() * 10_000));
  throw stillWaiting(message, Math.max(1_000, nextMs));
}

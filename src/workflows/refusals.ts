import { isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { LookStamp } from '../render/activity-results.js';
import { nextTry, type Refused } from '../render/refusal.js';
import type { Submission } from '../render/submission.js';
import { isoOf } from '../text/time.js';
import { type Attempt, submitOnce } from './attempt.js';
import type { Render } from './render.js';
import { metrics } from './run-metrics.js';

/** A look that a submission rests on, and the account of an earlier submission that is still in doubt. */
interface Before {
  readonly looked: LookStamp | undefined;
  readonly accountInDoubt: string | null;
}

/** Submits the movie until it is no longer refused. Turns a refusal into a rejection when patience runs out. */
export async function submitUntilTaken(
  render: Render,
  { looked, accountInDoubt }: Before,
): Promise<Attempt & { readonly submission: Exclude<Submission, Refused> }> {
  const sinceMs = Date.now();
  for (let refusals = 0; ;) {
    render.display.nextAttempt(refusals === 0 ? 'submitting' : 'waiting', accountInDoubt);
    const attempt = await submitOnce(render, looked);
    const { submission } = attempt;
    metrics.submitted(submission.end);
    if (submission.end !== 'refused') return { ...attempt, submission };
    refusals += 1;
    const goesOn = await untilNextTry(render, submission, refusals, sinceMs);
    if (!goesOn) return { ...attempt, submission: rejectionOf(submission) };
  }
}

/** Waits until the next try is due. Returns false if patience runs out before that. */
async function untilNextTry(
  render: Render,
  refused: Refused,
  count: number,
  sinceMs: number,
): Promise<boolean> {
  const { message, waitingFor } = refused;
  const patienceMs = render.options.submitPatienceSeconds * 1_000;
  const next = nextTry(refused, { count, waitedMs: Date.now() - sinceMs, patienceMs });
  if (next.do === 'give up') return false;
  const untilMs = sinceMs + patienceMs;
  const until = `it waits for ${waitingFor} since ${isoOf(sinceMs)}, until ${isoOf(untilMs)} at the latest`;
  if (next.do === 'probe') {
    render.display.show('waiting', {
      message,
      awaited: `a probe every 5 minutes, then the next try; ${until}`,
    });
    return isReady(render, waitingFor, untilMs);
  }
  const nextAt = isoOf(Date.now() + next.delayMs);
  render.display.show('waiting', { message, awaited: `the next try, at ${nextAt}; ${until}` });
  await sleep(next.delayMs, { summary: `Wait for ${waitingFor}` });
  return true;
}

/** Waits until a probe finds that the cause has gone; one activity, since its repetitions leave no history. */
async function isReady({ checksQueue }: Render, waitingFor: string, untilMs: number): Promise<boolean> {
  const { awaitReady } = proxyActivities<Activities>({
    taskQueue: checksQueue,
    startToCloseTimeout: '40s',
    scheduleToCloseTimeout: Math.max(1, untilMs - Date.now()),
    retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '5 minutes' },
    summary: `Ask the provider about the account, which waits for ${waitingFor}`,
  });
  return awaitReady({ waitingFor }).then(
    () => true,
    (error: unknown) => {
      if (isCancellation(error)) throw error;
      return false;
    },
  );
}

function rejectionOf(refused: Refused): Extract<Submission, { end: 'rejected' }> {
  return {
    end: 'rejected',
    message: `gave up waiting for ${refused.waitingFor}: ${refused.message}`,
    ...(refused.httpStatus === undefined ? {} : { httpStatus: refused.httpStatus }),
  };
}

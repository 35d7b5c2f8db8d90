import { setTimeout as pause } from 'node:timers/promises';
import { Context, log } from '@temporalio/activity';
import { assetCreditsOf, type Quote } from '../movie/quote.js';
import type { Reserved, ReserveRequest } from '../render/budget.js';
import { describeDenial } from '../render/budget-text.js';
import type { SubmissionEvidence } from '../render/submission.js';
import { askToReserve, hasBudget, releaseReservation, reportExceeded } from '../temporal/budgets.js';
import { deepestMessage, isNotFound } from '../temporal/engine-errors.js';
import { messageOf } from '../text/text.js';
import { BudgetQueue } from './budget-queue.js';

/** A submission that needs credits. */
export interface Spending {
  readonly budget: string;
  /** True if the caller named the budget; else it is the worker's. */
  readonly isOption: boolean;
  readonly key: string;
  readonly runId: string;
  readonly firstRunId: string;
  readonly number: number;
  /** Submissions that may be paid, this one included. */
  readonly count: number;
  /** True if the budget may hold credits for the run already. */
  readonly mayHold: boolean;
  readonly quote: Quote;
}

/** Pause before a budget is asked again that was busy, or in between two runs. */
const PAUSE_MS = 50;

/** Time of a call that tells a budget something that it also finds out by itself. */
const TELL_MS = 3_000;

/** Reserves credits for the submissions of one worker. */
export class CreditReservations {
  readonly #queues = new Map<string, BudgetQueue>();
  /** Windows that this worker has reported as exceeded, by budget. */
  readonly #reported = new Map<string, number>();

  /** Reserves credits until a time; returns the evidence if there are none. Nothing may be sent without a reservation. */
  async reserve(
    spending: Spending,
    deadlineMs: number,
  ): Promise<
    { readonly reserved: Reserved } | { readonly evidence: SubmissionEvidence; readonly reserved?: Reserved }
  > {
    const { budget, quote } = spending;
    const queue = this.#queues.get(budget) ?? new BudgetQueue();
    this.#queues.set(budget, queue);
    const request = requestOf(spending);
    try {
      // The queue asks in the turn of another activity.
      const context = Context.current();
      const ask = () => untilAnswered(context, spending, request, deadlineMs);
      const answer = await queue.ask({ request, mayHold: spending.mayHold, deadlineMs, ask });
      if (answer === 'no budget') return { evidence: noBudget(spending) };
      if (answer === 'late') return { evidence: unasked(budget, 'too many submissions ask it') };
      if ('credits' in answer)
        return { reserved: { budget, credits: answer.credits, assets: assetCreditsOf(quote) } };
      const { denial } = answer;
      if (!denial.isKnown) this.#report(budget, denial.windowStartMs);
      const { needs, opensInMs } = denial;
      const message = describeDenial(denial);
      return { evidence: { from: 'budget', message, budget: { name: budget, needs, opensInMs } } };
    } catch (error) {
      // The engine may have taken the request.
      const reserved = { budget, credits: 0, assets: assetCreditsOf(quote) };
      return { evidence: unasked(budget, deepestMessage(error)), reserved };
    }
  }

  /** Gives a reservation back, since nothing was sent. A reservation that stays is found at the end of its run. */
  async release({ budget, firstRunId, runId, number }: Spending): Promise<void> {
    const { client } = Context.current();
    try {
      await client.withDeadline(Date.now() + TELL_MS, () =>
        releaseReservation(client, budget, { run: firstRunId, runId, number }),
      );
    } catch (error) {
      log.warn('a reservation was not given back yet', { budget, error: messageOf(error) });
    }
  }

  /** Each worker reports a window once: thousands of denials must not fill the history of the budget. */
  #report(budget: string, windowStartMs: number): void {
    if (this.#reported.get(budget) === windowStartMs) return;
    this.#reported.set(budget, windowStartMs);
    const { client } = Context.current();
    client
      .withDeadline(Date.now() + TELL_MS, () => reportExceeded(client, budget, windowStartMs))
      .catch(() => this.#reported.delete(budget));
  }
}

/** Asks until the budget answers or the time is up. A budget that is busy, or between two of its runs, is asked again. */
async function untilAnswered(
  { client, cancellationSignal }: Context,
  spending: Spending,
  request: ReserveRequest,
  deadlineMs: number,
) {
  const { budget } = spending;
  for (let wait = PAUSE_MS; ; wait = Math.min(wait * 2, 1_000)) {
    try {
      return await client.withDeadline(deadlineMs, () =>
        askToReserve(client, budget, updateIdOf(spending), request),
      );
    } catch (error) {
      const isGone =
        isNotFound(error) && !(await client.withDeadline(deadlineMs, () => hasBudget(client, budget)));
      if (isGone) return 'no budget' as const;
      const pauseMs = wait * (0.5 + Math.random());
      if (Date.now() + pauseMs >= deadlineMs || cancellationSignal.aborted) throw error;
      await pause(pauseMs);
    }
  }
}

function requestOf({ key, runId, firstRunId: run, number, count, quote }: Spending): ReserveRequest {
  const { credits, bound } = quote;
  return { run, runId, key, number, count, credits: Math.ceil(credits), isUnknown: bound === 'unknown' };
}

/** The engine answers a second update of the same ID from memory, so a run that came from a reset has IDs of its own. */
function updateIdOf({ firstRunId, runId, number }: Spending): string {
  const id = `reserve:${firstRunId}:${number}`;
  return firstRunId === runId ? id : `${id}:${runId}`;
}

/** The budget gave no answer. It is asked again soon, and the credits that are needed are not the cause. */
function unasked(name: string, why: string): SubmissionEvidence {
  const message = `budget ${name} cannot be asked: ${why}`;
  return { from: 'budget', message, budget: { name, needs: 0, opensInMs: 0 } };
}

function noBudget({ budget, isOption }: Spending): SubmissionEvidence {
  const message = `there is no budget ${budget}: make it with renderonce budget set`;
  return isOption ? { from: 'options', message } : unasked(budget, message);
}

import { workflowInfo } from '@temporalio/workflow';
import type { SubmitHeartbeat } from '../render/activity-results.js';
import type { Reserved, Settlement } from '../render/budget.js';
import type { Ending } from '../render/waiting.js';
import { membersOf } from '../text/json.js';
import type { SubmissionEnd } from './ends.js';

type Unaccepted = Exclude<SubmissionEnd, { end: 'accepted' }>;

/** Credits of one run: what a budget holds for it, and what it has cost. */
export class Spending {
  /** Submissions of the run that may have been paid for and are not found. */
  doubts = 0;
  /** True if a budget may hold credits for the run. */
  mayHold = false;
  #reserved: Reserved | undefined;
  #credits: number | undefined;

  /** The budget that holds credits for the run, or may hold some. */
  get budget(): string | undefined {
    return this.#reserved?.budget;
  }

  /** Notes the reservation that a result, a heartbeat or a failure of a submission names. */
  note(from: unknown): void {
    const { reserved } = membersOf<Pick<SubmitHeartbeat, 'reserved'>>(from);
    const { budget, credits, assets } = membersOf<Reserved>(reserved);
    if (typeof budget !== 'string' || typeof credits !== 'number' || typeof assets !== 'number') return;
    this.#reserved = { budget, credits, assets };
    this.mayHold = true;
  }

  /** Notes an attempt that fell silent before it sent anything, perhaps after its reservation. */
  fellSilent(budget: string | undefined): void {
    this.mayHold = true;
    if (budget !== undefined) this.#reserved ??= { budget, credits: 0, assets: 0 };
  }

  /** Returns the credits that an ended render has cost; undefined while that is not known. */
  price(ending: Ending): number | undefined {
    this.#credits = priceOf(ending, this.#reserved);
    return this.#credits;
  }

  /** Returns what the budget must know at the end of the run; nothing without a budget. */
  settlement(end: 'accepted' | Unaccepted['end']): Settlement | undefined {
    if (this.#reserved === undefined) return undefined;
    const { firstExecutionRunId: run, runId } = workflowInfo();
    const head = { budget: this.#reserved.budget, run, runId, endedAtMs: Date.now() };
    const credits = this.#credits;
    if (end === 'accepted' && credits !== undefined) return { ...head, post: credits, inDoubt: 'rest' };
    const isFree = end === 'rejected' || end === 'cancelled';
    return { ...head, post: 0, inDoubt: isFree ? 'none' : 'all' };
  }
}

/**
 * The provider charges a started second, and generated assets also if the render fails. Those of a video count if the
 * provider names them: it charges fewer than quoted for assets that it has already.
 */
function priceOf(ending: Ending, reserved: Reserved | undefined): number | undefined {
  if (ending.status === 'failed') return ending.mayBePaid === true ? undefined : (reserved?.assets ?? 0);
  if (ending.status !== 'done') return undefined;
  const { durationSeconds } = ending.video;
  if (durationSeconds === null) return reserved?.credits;
  return Math.ceil(durationSeconds) + Math.ceil(ending.assetCredits ?? 0);
}

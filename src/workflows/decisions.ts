import { ApplicationFailure, CancellationScope, condition } from '@temporalio/workflow';
import {
  type Decision,
  type DecisionAnswer,
  type DecisionRequest,
  describeDecision,
  isSameDecision,
  parseDecision,
} from '../render/decision.js';
import { DECISION_REFUSED } from './messages.js';
import type { RenderDisplay } from './render-state.js';
import { isoOf } from '../text/time.js';

/** What a decision came to: it took effect, or why it did not. */
export type DecisionEnd = Pick<DecisionAnswer, 'project' | 'message'> | { readonly refused: string };

/** A decision that waits to be carried out, or was. */
interface PendingDecision {
  readonly decision: Decision;
  end?: DecisionEnd;
}

/** Decisions of people about a submission in doubt. They are carried out one after the other, by the doubt itself. */
export class Decisions {
  readonly #key: string;
  readonly #display: RenderDisplay;
  readonly #pending: PendingDecision[] = [];
  readonly #answered: DecisionAnswer[] = [];
  #isOpen = false;

  constructor(key: string, display: RenderDisplay) {
    this.#key = key;
    this.#display = display;
  }

  /** Those that took effect, oldest first. */
  get taken(): Decision[] {
    return this.#answered.map(({ decision }) => decision);
  }

  /** The next one to carry out. */
  get next(): Decision | undefined {
    return this.#pending[0]?.decision;
  }

  /** From now on there is a doubt to decide about. */
  open(): void {
    this.#isOpen = true;
  }

  /** The doubt is over; whoever still waits for a decision to be carried out is told how it ended. */
  close(endOf: (decision: Decision) => DecisionEnd): void {
    this.#isOpen = false;
    for (const pending of this.#pending.splice(0)) {
      pending.end = this.#repeated(pending.decision) ?? endOf(pending.decision);
    }
  }

  /** The next decision was carried out, or could not be. */
  ended(end: DecisionEnd): void {
    const done = this.#pending.shift();
    if (done === undefined) return;
    done.end = end;
    if ('refused' in end) return;
    this.#answered.push({ key: this.#key, decision: done.decision, ...end });
    this.#display.decided(describeDecision(done.decision));
  }

  /** Refuses what cannot be decided, before it becomes part of the history. */
  validate(given: unknown): void {
    const request = parseDecision(given);
    if (typeof request === 'string') throw refusal(request);
    if (this.#isOpen || this.#repeated(request) !== undefined) return;
    throw refusal(`the render is ${this.#display.state}: nothing is in doubt`);
  }

  /** Takes a decision in and waits until it has taken effect. */
  async take(given: unknown): Promise<DecisionAnswer> {
    const request = parseDecision(given);
    if (typeof request === 'string') throw refusal(request);
    const before = this.#repeated(request);
    if (before !== undefined) return before;
    const pending: PendingDecision = { decision: { ...request, at: isoOf(Date.now()) } };
    this.#pending.push(pending);
    // A cancel must not leave a person without an answer.
    await CancellationScope.nonCancellable(() => condition(() => pending.end !== undefined));
    const { end } = pending;
    if (end === undefined || 'refused' in end) throw refusal(end?.refused ?? 'the run ended');
    return { key: this.#key, decision: pending.decision, ...end };
  }

  /** A decision that was taken already, and after which no new doubt arose. */
  #repeated(request: DecisionRequest): DecisionAnswer | undefined {
    const last = this.#isOpen ? undefined : this.#answered.at(-1);
    return last !== undefined && isSameDecision(last.decision, request) ? last : undefined;
  }
}

function refusal(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: DECISION_REFUSED, message, nonRetryable: true });
}

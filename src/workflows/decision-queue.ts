import { ApplicationFailure, CancellationScope, condition } from '@temporalio/workflow';
import {
  type Decision,
  type DecisionAnswer,
  type DecisionRequest,
  describeDecision,
  isSameDecision,
  parseDecision,
} from '../render/decision.js';
import { isoOf } from '../text/time.js';
import { DECISION_REFUSED } from './messages.js';
import type { RenderDisplay } from './display.js';

/** The reply to a decision: what took effect, or why nothing did. */
type DecisionReply = Pick<DecisionAnswer, 'project' | 'message'> | { readonly refused: string };

/** A decision in the queue. */
interface PendingDecision {
  readonly decision: Decision;
  reply?: DecisionReply;
}

/** Queue of decisions that people take about a doubt. The doubt carries them out one after the other. */
export class DecisionQueue {
  readonly #key: string;
  readonly #display: RenderDisplay;
  readonly #pending: PendingDecision[] = [];
  readonly #answered: DecisionAnswer[] = [];
  #isOpen = false;

  constructor(key: string, display: RenderDisplay) {
    this.#key = key;
    this.#display = display;
  }

  /** The decisions that took effect, oldest first. */
  get taken(): Decision[] {
    return this.#answered.map(({ decision }) => decision);
  }

  /** The next decision to carry out. */
  get next(): Decision | undefined {
    return this.#pending[0]?.decision;
  }

  /** Accepts decisions from now on: there is a doubt. */
  open(): void {
    this.#isOpen = true;
  }

  /** Accepts no more decisions: the doubt is over. Decisions that still wait get `reply`. */
  close(reply: DecisionReply): void {
    this.#isOpen = false;
    for (const pending of this.#pending.splice(0)) {
      pending.reply = this.#repeated(pending.decision) ?? reply;
    }
  }

  /** Replies to the next decision and takes it off the queue. */
  answer(reply: DecisionReply): void {
    const done = this.#pending.shift();
    if (done === undefined) return;
    done.reply = reply;
    if ('refused' in reply) return;
    this.#answered.push({ key: this.#key, decision: done.decision, ...reply });
    this.#display.decided(describeDecision(done.decision));
  }

  /** Refuses a malformed decision, and one about nothing, before it becomes part of the history. */
  validate(given: unknown): void {
    const request = parseDecision(given);
    if (typeof request === 'string') throw refusal(request);
    if (this.#isOpen || this.#repeated(request) !== undefined) return;
    throw refusal(`the render is ${this.#display.state}: nothing is in doubt`);
  }

  /** Queues a decision and waits for the reply. */
  async take(given: unknown): Promise<DecisionAnswer> {
    const request = parseDecision(given);
    if (typeof request === 'string') throw refusal(request);
    const before = this.#repeated(request);
    if (before !== undefined) return before;
    const pending: PendingDecision = { decision: { ...request, at: isoOf(Date.now()) } };
    this.#pending.push(pending);
    // A cancel must not leave a person without an answer.
    await CancellationScope.nonCancellable(() => condition(() => pending.reply !== undefined));
    const { reply } = pending;
    if (reply === undefined || 'refused' in reply) throw refusal(reply?.refused ?? 'the run ended');
    return { key: this.#key, decision: pending.decision, ...reply };
  }

  /** Returns the answer to the same decision if it was taken already and no new doubt arose since. */
  #repeated(request: DecisionRequest): DecisionAnswer | undefined {
    const last = this.#isOpen ? undefined : this.#answered.at(-1);
    return last !== undefined && isSameDecision(last.decision, request) ? last : undefined;
  }
}

function refusal(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: DECISION_REFUSED, message, nonRetryable: true });
}

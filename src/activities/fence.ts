import type { Context } from '@temporalio/activity';
import type { SubmitHeartbeat } from '../render/activity-results.js';
import type { submitBudget } from '../render/submit-budget.js';

/**
 * Heartbeats that make the engine a fence. The first one asks for the engine's go-ahead before the first byte: if the
 * attempt has timed out or was cancelled, the engine refuses it and nothing is sent. Every later heartbeat repeats
 * `sending`, so that the record of a silent attempt shows if bytes may have left. No heartbeat comes before the fence:
 * the SDK could deliver a throttled one late, and so erase the record.
 */
export class SendingHeartbeats {
  readonly #context: Context;
  readonly #budget: ReturnType<typeof submitBudget>;
  readonly #details: SubmitHeartbeat;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    context: Context,
    budget: ReturnType<typeof submitBudget>,
    attempt: Omit<SubmitHeartbeat, 'sending'>,
  ) {
    this.#context = context;
    this.#budget = budget;
    this.#details = { sending: true, ...attempt };
  }

  /** Resolves once the engine has recorded `sending` for a live, uncancelled attempt; rejects in every other case. */
  async fence(): Promise<void> {
    const context = this.#context;
    const { taskToken } = context.info;
    await context.client.withDeadline(Date.now() + this.#budget.engineCallMs, () =>
      context.client.activity.heartbeat(taskToken, this.#details),
    );
    this.#timer = setInterval(() => context.heartbeat(this.#details), this.#budget.heartbeatMs / 4);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

import type { Context } from '@temporalio/activity';
import type { SubmitBudget } from '../render/submit-budget.js';

const SENDING = { sending: true } as const;

/**
 * The engine as a fence. Before the first byte it is asked for its go-ahead by a heartbeat that it records: once the
 * attempt has timed out, or was cancelled, it says no and nothing is sent. After that every heartbeat repeats
 * `sending`, so that the record of an attempt that fell silent tells whether bytes may have left. There is no heartbeat
 * before the fence: a throttled one could be delivered late and erase the record.
 */
export class SendingHeartbeats {
  readonly #context: Context;
  readonly #budget: SubmitBudget;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: Context, budget: SubmitBudget) {
    this.#context = context;
    this.#budget = budget;
  }

  /** Resolves once the engine has recorded `sending` for a live, uncancelled attempt; rejects in every other case. */
  async fence(): Promise<void> {
    const context = this.#context;
    const { taskToken } = context.info;
    await context.client.withDeadline(Date.now() + this.#budget.engineCallMs, () =>
      context.client.activity.heartbeat(taskToken, SENDING),
    );
    this.#timer = setInterval(() => context.heartbeat(SENDING), this.#budget.heartbeatMs / 4);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

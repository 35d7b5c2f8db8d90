import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import { CONFIRM_INTERVAL_MS } from '../render/limits.js';
import { expiryOf, type Outcome, type SubmitAnswer } from '../render/outcome.js';
import {
  NOT_ACCEPTED,
  stepWait,
  type WaitCommand,
  type WaitEvent,
  type WaitState,
} from '../render/wait-machine.js';
import { hintResult } from '../render/reading.js';
import { type CheckPlan, graceMs } from '../render/waiting.js';
import { isoOf } from '../text/time.js';
import type { Accepted } from './ends.js';
import type { Render } from './render.js';
import { metrics } from './run-metrics.js';
import { checkUntil, confirmOnce, lastCheck } from './status-checks.js';

/** How long the provider is asked often, after a hint that came before the provider's own status. */
const HINT_CHECK_MS = 60_000;

/** Pause after a check that failed through no fault of the render. */
const FAILED_CHECK_PAUSE = '10s';

/**
 * Waits until the accepted render has ended and returns its outcome. Always returns one: no failure of a check may fail a
 * render that is paid for. `stepWait` decides; this function carries out its commands and reports to it.
 */
export async function awaitOutcome(head: SubmitAnswer, accepted: Accepted, render: Render): Promise<Outcome> {
  const { webhook, account, adopted = false } = accepted;
  const deadlineMs = Date.now() + render.options.renderTimeoutSeconds * 1_000;
  const wait = new Wait({ project: head.project, webhook, account, deadlineMs, render });
  const { ending } = await wait.ended(adopted);
  const { taken } = render.decisions;
  const decided = taken.length === 0 ? {} : { decisions: taken };
  const outcome: Outcome =
    ending.status === 'done'
      ? { status: 'done', ...head, ...ending.video, expiresAt: expiryOf(ending.video.endedAt), ...decided }
      : { status: ending.status, ...head, message: ending.message, ...decided };
  render.display.show(outcome.status, {
    project: head.project,
    cost: { credits: render.spending.price(ending), budget: render.spending.budget },
    ...(outcome.status === 'done' ? { videoUrl: outcome.url } : { message: outcome.message }),
  });
  return outcome;
}

type AcceptedRender = Parameters<typeof checkUntil>[0];

class Wait {
  readonly #waited: AcceptedRender;
  /** The checks that the engine repeats. The end cancels them, so that a closed render shows no pending activity. */
  readonly #checks: CancellationScope;
  #state: WaitState = NOT_ACCEPTED;
  #confirmedAtMs = 0;

  constructor(waited: AcceptedRender) {
    this.#waited = waited;
    // A cancel of the run is an end to be told of; it must not end the checks before that.
    this.#checks = new CancellationScope({
      cancellable: true,
      parent: new CancellationScope({ cancellable: false }),
    });
  }

  /** Runs the machine to its end. A cancel is an end as well. */
  async ended(adopted: boolean): Promise<Required<Pick<WaitState, 'ending'>>> {
    CancellationScope.nonCancellable(async () => {
      this.#tell({ type: 'accepted' });
      // The webhook may have come before the project was found.
      if (adopted) this.#tell({ type: 'hinted' });
      await this.#listen();
    }).catch(() => undefined);
    try {
      await condition(() => this.#state.ending !== undefined);
    } catch (error) {
      if (!isCancellation(error)) throw error;
      this.#tell({ type: 'cancelled' });
    }
    this.#checks.cancel();
    const { ending } = this.#state;
    if (ending === undefined) throw new Error('the wait ended without an ending');
    return { ending };
  }

  #tell(event: WaitEvent): void {
    const { state, commands } = stepWait(this.#state, event);
    this.#state = state;
    if (state.ending === undefined) this.#show();
    for (const command of commands) void this.#carryOut(command);
  }

  async #listen(): Promise<void> {
    const { hints } = this.#waited.render;
    for (;;) {
      await condition(() => hints.waiting);
      // A hint that names another project is not about this render.
      for (const project of hints.takeProjects()) {
        if (project === this.#waited.project) this.#tell({ type: 'hinted' });
        else metrics.hinted('foreign');
      }
    }
  }

  /** Carries out one command. Never throws: every result of a check is an event of the machine. */
  async #carryOut(command: WaitCommand): Promise<void> {
    const { render, deadlineMs } = this.#waited;
    switch (command.do) {
      case 'watch': {
        const { pollSeconds } = render.options;
        const plan = { for: 'watch', pollSeconds, webhook: this.#waited.webhook } as const;
        return this.#report('watched', await this.#check(deadlineMs, plan));
      }
      case 'check suspect': {
        const plan = {
          for: 'suspect',
          about: command.about,
          graceMs: graceMs(command.about, render.options.errorGraceSeconds),
        } as const;
        return this.#report('suspect checked', await this.#check(deadlineMs, plan));
      }
      case 'check hint': {
        // Without webhooks the watch asks as often itself; a second check would break the provider's limit of 5 s.
        if (!this.#waited.webhook) return this.#tell({ type: 'hint checked' });
        const untilMs = Math.min(deadlineMs, Date.now() + HINT_CHECK_MS);
        const checked = await this.#check(untilMs, { for: 'hint' });
        return this.#tell({ type: 'hint checked', reading: checked.reading });
      }
      case 'confirm': {
        const pauseMs = this.#confirmedAtMs + CONFIRM_INTERVAL_MS - Date.now();
        if (pauseMs > 0) await sleep(pauseMs, { summary: 'Wait until the provider may be asked again' });
        const reading = await confirmOnce(this.#waited);
        this.#confirmedAtMs = Date.now();
        metrics.hinted(hintResult(reading));
        return this.#tell({ type: 'confirmed', reading });
      }
      case 'check last':
        return this.#tell({ type: 'last checked', reading: await lastCheck(this.#waited) });
    }
  }

  #check(untilMs: number, plan: CheckPlan): ReturnType<typeof checkUntil> {
    return this.#checks.run(() => checkUntil(this.#waited, untilMs, plan));
  }

  /** Reports a check. The engine ends a check up to one interval before the deadline, so this sleeps the rest. */
  async #report(
    type: 'watched' | 'suspect checked',
    checked: Awaited<ReturnType<typeof checkUntil>>,
  ): Promise<void> {
    // The end has cancelled this check.
    if (this.#state.ending !== undefined) return;
    if (checked.isTimeUp) {
      const restMs = this.#waited.deadlineMs - Date.now();
      if (restMs > 0) await sleep(restMs, { summary: 'Wait until the time of the render is up' });
      return this.#tell({ type: 'time is up' });
    }
    if (checked.reading === undefined)
      await sleep(FAILED_CHECK_PAUSE, { summary: 'Wait after a check that failed' });
    this.#tell({ type, reading: checked.reading });
  }

  #show(): void {
    const { project, account, webhook, deadlineMs, render } = this.#waited;
    const how = webhook
      ? 'a webhook, with status checks every 1 to 5 minutes as a safety net'
      : 'status checks';
    const { suspect } = this.#state;
    render.display.show('rendering', {
      project,
      account,
      awaited: `the end of the render, known by ${how}; at the latest ${isoOf(deadlineMs)}`,
      ...(suspect === undefined
        ? {}
        : { message: `the provider says "${suspect}"; it is believed only if it lasts` }),
    });
  }
}

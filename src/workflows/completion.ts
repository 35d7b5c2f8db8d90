import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import { hintResult } from '../render/hint-result.js';
import { CONFIRM_INTERVAL_MS } from '../render/limits.js';
import { expiryOf, type Outcome, type OutcomeHead } from '../render/outcome.js';
import {
  NOT_ACCEPTED,
  stepWait,
  type WaitCommand,
  type WaitEvent,
  type WaitState,
} from '../render/wait-machine.js';
import { graceMs } from '../render/waiting.js';
import { events } from './events.js';
import { checkUntil, confirmOnce, lastCheck, type Waited } from './checks.js';
import type { Render } from './render.js';
import type { SubmissionEnd } from './submission.js';
import { isoOf } from '../text/time.js';

type Accepted = Extract<SubmissionEnd, { end: 'accepted' }>;

/** Cadence of the checks after a hint that came before the provider's own status. */
const HINT_CHECK_MS = 60_000;

/** After a check that failed through no fault of the render's. */
const FAILED_CHECK_PAUSE = '10s';

/**
 * Waits until the accepted render has ended and returns its outcome, always: no failure of a check may fail a render
 * that is paid for. `stepWait` decides; this carries out what it commands, and reports.
 */
export async function awaitOutcome(head: OutcomeHead, accepted: Accepted, render: Render): Promise<Outcome> {
  const { webhook, adopted = false } = accepted;
  const deadlineMs = Date.now() + render.options.renderTimeoutSeconds * 1_000;
  const wait = new Wait({ project: head.project, webhook, deadlineMs, render });
  const { ending } = await wait.ended(adopted);
  const { taken } = render.decisions;
  const decided = taken.length === 0 ? {} : { decisions: taken };
  const outcome: Outcome =
    ending.status === 'done'
      ? { status: 'done', ...head, ...ending.video, expiresAt: expiryOf(ending.video.endedAt), ...decided }
      : { status: ending.status, ...head, message: ending.message, ...decided };
  render.display.show(outcome.status, {
    project: head.project,
    ...(outcome.status === 'done' ? { videoUrl: outcome.url } : { message: outcome.message }),
  });
  return outcome;
}

class Wait {
  readonly #waited: Waited;
  #state: WaitState = NOT_ACCEPTED;
  #confirmedAtMs = 0;

  constructor(waited: Waited) {
    this.#waited = waited;
  }

  /** Runs the machine to its end; a cancel is an end as well. */
  async ended(adopted: boolean): Promise<Required<Pick<WaitState, 'ending'>>> {
    // Checks are never cancelled: left pending they stop with the workflow, and a cancelled one costs five events.
    CancellationScope.nonCancellable(async () => {
      this.#tell({ type: 'accepted' });
      // What settled the doubt may itself have been the report of the end, or have come after it.
      if (adopted) this.#tell({ type: 'hinted' });
      await this.#listen();
    }).catch(() => undefined);
    try {
      await condition(() => this.#state.ending !== undefined);
    } catch (error) {
      if (!isCancellation(error)) throw error;
      this.#tell({ type: 'cancelled' });
    }
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
        else events.hinted('foreign');
      }
    }
  }

  /** Never throws: whatever becomes of a check is an event. */
  async #carryOut(command: WaitCommand): Promise<void> {
    const { render, deadlineMs } = this.#waited;
    switch (command.do) {
      case 'watch': {
        const { pollSeconds } = render.options;
        const watched = await checkUntil(this.#waited, deadlineMs, {
          for: 'watch',
          pollSeconds,
          webhook: this.#waited.webhook,
        });
        return this.#report('watched', watched);
      }
      case 'check doubt': {
        const plan = {
          for: 'doubt',
          about: command.about,
          graceMs: graceMs(command.about, render.options.errorGraceSeconds),
        } as const;
        return this.#report('doubt checked', await checkUntil(this.#waited, deadlineMs, plan));
      }
      case 'check hint': {
        // Without webhooks the watch asks as often itself, and two checks would be faster than the provider allows.
        if (!this.#waited.webhook) return this.#tell({ type: 'hint checked' });
        const untilMs = Math.min(deadlineMs, Date.now() + HINT_CHECK_MS);
        const checked = await checkUntil(this.#waited, untilMs, { for: 'hint' });
        return this.#tell({ type: 'hint checked', reading: checked.reading });
      }
      case 'confirm': {
        const pauseMs = this.#confirmedAtMs + CONFIRM_INTERVAL_MS - Date.now();
        if (pauseMs > 0) await sleep(pauseMs, { summary: 'Wait until the provider may be asked again' });
        const reading = await confirmOnce(this.#waited);
        this.#confirmedAtMs = Date.now();
        events.hinted(hintResult(reading));
        return this.#tell({ type: 'confirmed', reading });
      }
      case 'check last':
        return this.#tell({ type: 'last checked', reading: await lastCheck(this.#waited) });
    }
  }

  /** A check that the deadline ended does so up to one interval early: the rest is slept out. */
  async #report(
    type: 'watched' | 'doubt checked',
    checked: Awaited<ReturnType<typeof checkUntil>>,
  ): Promise<void> {
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
    const { project, webhook, deadlineMs, render } = this.#waited;
    const how = webhook
      ? 'a webhook, with status checks every 1 to 5 minutes as a safety net'
      : 'status checks';
    const { doubt } = this.#state;
    render.display.show('rendering', {
      project,
      awaited: `the end of the render, known by ${how}; at the latest ${isoOf(deadlineMs)}`,
      ...(doubt === undefined
        ? {}
        : { message: `the provider says "${doubt}"; it is believed only if it lasts` }),
    });
  }
}

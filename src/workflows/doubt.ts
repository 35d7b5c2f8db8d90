import { CancellationScope, condition, isCancellation, log, sleep } from '@temporalio/workflow';
import { lookTimesMs } from '../render/look-times.js';
import { messageOf } from '../text/text.js';
import { isoOf } from '../text/time.js';
import { carryOutDecision, describeEnd } from './carry-out-decision.js';
import type { Doubt, DoubtEnd } from './ends.js';
import { adopt, claimHinted, endOf, look, lookUntilFound } from './look.js';
import type { Render } from './render.js';

/**
 * Settles a lost reply. Looks for the movie in the provider's list, the last time when nothing of the attempt can arrive
 * any more and the list has caught up. Nothing is sent meanwhile. A cancel does not cut it short: an accepted movie is
 * paid for, cancelled or not.
 */
export function settleDoubt(
  render: Render,
  settledAtMs: number,
  message: string,
  isRejected = false,
): Promise<DoubtEnd> {
  const outside = CancellationScope.current();
  const isOver = (): boolean => isRejected || outside.consideredCancelled;
  const doubt = { message, settledAtMs, isOver };
  return CancellationScope.nonCancellable(() =>
    new OpenDoubt(render, doubt).settle(() => lookThrice(render, doubt)),
  );
}

/**
 * Holds the key of a movie that may have been accepted and does not turn up. Nothing is sent. A person, a look every few
 * minutes, a hint or a cancel ends it.
 */
export async function hold(render: Render, settledAtMs: number, message: string): Promise<DoubtEnd> {
  render.display.show('held', {
    message,
    awaited: "a person's decision, or the movie in the provider's list, which is read every 5 minutes",
  });
  try {
    const doubt = { message, settledAtMs, isOver: () => false };
    return await new OpenDoubt(render, doubt).settle(() => lookForEver(render));
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return { end: 'abandoned', message: `given up while in doubt: ${message}` };
  }
}

/** Settles one doubt by looks, hints and decisions of people, side by side. The first end is the end; the others stop. */
class OpenDoubt {
  readonly #render: Render;
  readonly #doubt: Doubt;
  #end: DoubtEnd | undefined;
  #isClaiming = false;
  #isDeciding = false;

  constructor(render: Render, doubt: Doubt) {
    this.#render = render;
    this.#doubt = doubt;
  }

  async settle(looks: () => Promise<DoubtEnd>): Promise<DoubtEnd> {
    const { decisions } = this.#render;
    const scope = new CancellationScope();
    decisions.open();
    try {
      const ways = scope.run(() => Promise.all([this.#byLooks(looks), this.#byHints(), this.#byDecisions()]));
      await Promise.race([condition(() => this.#end !== undefined), ways]);
      if (this.#end === undefined) throw new Error('the ways out of a doubt ended without an end');
      return this.#end;
    } finally {
      decisions.close({ refused: describeEnd(this.#end) });
      scope.cancel();
    }
  }

  async #byLooks(looks: () => Promise<DoubtEnd>): Promise<void> {
    const seen = await looks();
    // Accept "absent" only if no claim or decision is in progress: one of them may still find the movie.
    if (seen.end === 'absent') await condition(() => this.#noClaim() && this.#noDecision());
    this.#end ??= seen;
  }

  async #byHints(): Promise<void> {
    while (this.#end === undefined) {
      await condition(() => this.#render.hints.waiting);
      this.#isClaiming = true;
      const found = await claimHinted(this.#render).finally(() => (this.#isClaiming = false));
      if (found !== undefined) this.#end ??= adopt(found);
    }
  }

  async #byDecisions(): Promise<void> {
    const { decisions } = this.#render;
    while (this.#end === undefined) {
      await condition(() => decisions.next !== undefined);
      this.#isDeciding = true;
      const { answer, end } = await carryOutDecision(this.#render, this.#doubt).finally(
        () => (this.#isDeciding = false),
      );
      if (end?.end === 'absent') await condition(() => this.#noClaim());
      if (this.#end !== undefined) return;
      decisions.answer(answer);
      this.#end = end;
    }
  }

  #noClaim(): boolean {
    return !this.#isClaiming && !this.#render.hints.waiting;
  }

  #noDecision(): boolean {
    return !this.#isDeciding && this.#render.decisions.next === undefined;
  }
}

async function lookThrice(render: Render, { message, settledAtMs }: Doubt): Promise<DoubtEnd> {
  let lookedInRun = '';
  const times = lookTimesMs(Date.now(), settledAtMs);
  for (const [index, atMs] of times.entries()) {
    const which = `look ${index + 1} of 3 in the provider's list`;
    const last = index < 2 ? `, the last at ${isoOf(times[2])}` : '';
    const awaited = `${which}, at ${isoOf(atMs)}${last}; nothing is sent before`;
    render.display.show('unknown', { message, awaited });
    await sleep(Math.max(1, atMs - Date.now()), { summary: `Wait until ${which}` });
    const seen = await look(render, `${index + 1} of 3`);
    const end = endOf(seen);
    if (end !== undefined) return end;
    lookedInRun = seen.runId;
  }
  return { end: 'absent', lookedInRun };
}

async function lookForEver(render: Render): Promise<DoubtEnd> {
  try {
    const end = endOf(await lookUntilFound(render));
    if (end !== undefined) return end;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the looks of a held key ended', { error: messageOf(error) });
  }
  // Without looks, hints and decisions remain.
  return never();
}

function never(): Promise<never> {
  return condition(() => false).then(() => never());
}

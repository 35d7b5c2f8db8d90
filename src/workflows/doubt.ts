import { CancellationScope, condition, isCancellation, log, sleep, workflowInfo } from '@temporalio/workflow';
import { lookTimesMs } from '../render/look-times.js';
import { messageOf } from '../text/text.js';
import { isoOf } from '../text/time.js';
import { carryOutDecision, describeEnd } from './carry-out-decision.js';
import type { Absent, Doubt, DoubtEnd } from './ends.js';
import { adopt, claimHinted, endOf, look } from './look.js';
import type { Render } from './render.js';
import { announceHeld } from './start-after.js';

/** A list that cannot be read for so long leaves the key held, where looks go on. */
const LAST_LOOK_MS = 1_800_000;

/**
 * Settles a lost reply. Looks for the movie in the provider's list, the last time when nothing of the attempt can arrive
 * any more and the list has caught up. Nothing is sent meanwhile. A cancel does not cut it short: an accepted movie is
 * paid for, cancelled or not. `isRejected` is true if the movie was rejected since, so that nobody may send it.
 */
export function settleDoubt(render: Render, doubt: Doubt, isRejected = false): Promise<DoubtEnd> {
  const outside = CancellationScope.current();
  const isOver = (): boolean => isRejected || outside.consideredCancelled;
  return CancellationScope.nonCancellable(() =>
    new OpenDoubt(render, doubt, isOver).settle(() => lookThrice(render, doubt)),
  );
}

/**
 * Holds the key of a movie that may have been accepted and does not turn up. Nothing is sent. A person, a look every few
 * minutes, a hint or a cancel ends it; with `until: 'proven'` also a look that proves the absence.
 */
export async function hold(
  render: Render,
  doubt: Doubt,
  { why, until, isRejected = false }: { why: string; until: 'found' | 'proven'; isRejected?: boolean },
): Promise<DoubtEnd> {
  const message = `${doubt.message}; ${why}`;
  const turnsUp = "the movie in the provider's list, which is read every 5 minutes";
  const proof = until === 'proven' ? ', or a look that proves that it is not there' : '';
  render.display.show('held', { message, awaited: `a person's decision, or ${turnsUp}${proof}` });
  await announceHeld(render, message);
  try {
    const open = new OpenDoubt(render, { ...doubt, message }, () => isRejected);
    return await open.settle(() => lookForEver(render, doubt, until));
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return { end: 'abandoned', message: `given up while in doubt: ${message}` };
  }
}

/** Settles one doubt by looks, hints and decisions of people, side by side. The first end is the end; the others stop. */
class OpenDoubt {
  readonly #render: Render;
  readonly #doubt: Doubt;
  /** True if nothing may be sent any more: the render was cancelled, or its last submission rejected. */
  readonly #isOver: () => boolean;
  #end: DoubtEnd | undefined;
  #isClaiming = false;
  #isDeciding = false;

  constructor(render: Render, doubt: Doubt, isOver: () => boolean) {
    this.#render = render;
    this.#doubt = doubt;
    this.#isOver = isOver;
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
    // Accept any other end only if no claim or decision is in progress: one of them may still find the movie.
    if (seen.end !== 'accepted') await condition(() => this.#noClaim() && this.#noDecision());
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
    const state = { isOver: this.#isOver, claimsEnded: () => condition(() => this.#noClaim()) };
    while (this.#end === undefined) {
      await condition(() => decisions.next !== undefined);
      this.#isDeciding = true;
      const { answer, end } = await carryOutDecision(this.#render, this.#doubt, state).finally(
        () => (this.#isDeciding = false),
      );
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

async function lookThrice(render: Render, doubt: Doubt): Promise<DoubtEnd> {
  const { message, account, settledAtMs } = doubt;
  const times = lookTimesMs(Date.now(), settledAtMs);
  let seen: DoubtEnd | undefined;
  for (const [index, atMs] of times.entries()) {
    const isLast = index === 2;
    const which = `look ${index + 1} of 3 in the provider's list`;
    const last = isLast ? '' : `, the last at ${isoOf(times[2])}`;
    const awaited = `${which}, at ${isoOf(atMs)}${last}; nothing is sent before`;
    render.display.show('unknown', { message, awaited, account });
    await sleep(Math.max(1, atMs - Date.now()), { summary: `Wait until ${which}` });
    const nextMs = times[index + 1];
    const withinMs = nextMs === undefined ? LAST_LOOK_MS : Math.max(1_000, nextMs - Date.now());
    seen = await lookWithin(render, doubt, { why: `${index + 1} of 3`, prove: isLast, withinMs });
    if (seen.end !== 'absent') return seen;
  }
  return seen ?? unread(new Error('there was no look'));
}

/** Makes one look. A list that cannot be read within the time shows nothing, and proves nothing. */
export async function lookWithin(
  render: Render,
  doubt: Doubt,
  { why, prove, withinMs = LAST_LOOK_MS }: { why: string; prove: boolean; withinMs?: number },
): Promise<Exclude<DoubtEnd, { end: 'rejected' }>> {
  try {
    return endOf(await look(render, doubt, { why, prove, withinMs }), prove);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('a look failed', { error: messageOf(error) });
    return unread(error);
  }
}

function unread(error: unknown): Absent {
  const looked = { runId: workflowInfo().runId, at: isoOf(Date.now()) };
  return { end: 'absent', looked, unproven: `the provider's list cannot be read: ${messageOf(error)}` };
}

async function lookForEver(render: Render, doubt: Doubt, until: 'found' | 'proven'): Promise<DoubtEnd> {
  const why = until === 'found' ? 'until it is there' : 'until it is there, or surely not';
  try {
    return endOf(await look(render, doubt, { why, prove: until === 'proven', until }), true);
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

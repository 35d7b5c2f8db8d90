import { CancellationScope, condition, isCancellation, log, sleep } from '@temporalio/workflow';
import { lookTimesMs } from '../render/look-times.js';
import { messageOf } from '../text/text.js';
import { endOf, look, lookUntilFound } from './look.js';
import type { Render } from './render.js';
import { type Doubt, firstToSettle, type Settled } from './settle.js';
import { isoOf } from '../text/time.js';

/**
 * Settles a submission that ended unknown: looks in the provider's list, the last time when nothing of the attempt can
 * arrive any more and the list has caught up. Nothing is sent meanwhile, and no cancel cuts it short: a movie that was
 * accepted is paid for, cancelled or not.
 */
export function settleDoubt(
  render: Render,
  settledAtMs: number,
  message: string,
  isRejected = false,
): Promise<Settled> {
  const outside = CancellationScope.current();
  const isOver = (): boolean => isRejected || outside.consideredCancelled;
  const doubt = { render, message, settledAtMs, isOver };
  return CancellationScope.nonCancellable(() => firstToSettle(doubt, () => lookThrice(doubt)));
}

async function lookThrice({ render, message, settledAtMs }: Doubt): Promise<Settled> {
  let lookedInRun = '';
  const times = lookTimesMs(Date.now(), settledAtMs);
  for (const [index, atMs] of times.entries()) {
    const which = `look ${index + 1} of 3 in the provider's list`;
    const last = index < 2 ? `, the last at ${isoOf(times[2])}` : '';
    const awaited = `${which}, at ${isoOf(atMs)}${last}; nothing is sent before`;
    render.display.show('unknown', { message, awaited });
    await sleep(Math.max(1, atMs - Date.now()), { summary: `Wait until ${which}` });
    const seen = await look(render, `${index + 1} of 3`);
    const settled = endOf(seen);
    if (settled !== undefined) return settled;
    lookedInRun = seen.runId;
  }
  return { end: 'absent', lookedInRun };
}

/**
 * Keeps the key of a movie that may have been accepted and does not turn up. Nothing is sent; a person, a look every few
 * minutes, a hint, or a cancel ends it.
 */
export async function hold(render: Render, settledAtMs: number, message: string): Promise<Settled> {
  const doubt = { render, message, settledAtMs, isOver: () => false };
  render.display.show('held', {
    message,
    awaited: "a person's decision, or the movie in the provider's list, which is read every 5 minutes",
  });
  try {
    return await firstToSettle(doubt, () => turnUp(render));
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return { end: 'abandoned', message: `given up while in doubt: ${message}` };
  }
}

async function turnUp(render: Render): Promise<Settled> {
  try {
    const settled = endOf(await lookUntilFound(render));
    if (settled !== undefined) return settled;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the looks of a held key ended', { error: messageOf(error) });
  }
  // Without looks, hints and people are left.
  return never();
}

function never(): Promise<never> {
  return condition(() => false).then(() => never());
}

import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { lookTimesMs } from '../render/look-times.js';
import type { Attempt } from './attempt.js';
import { adopt, claimHinted, endOf, look, lookUntilFound } from './look.js';
import type { Render } from './render.js';
import type { SubmissionEnd } from './submission.js';
import { isoOf } from './time.js';

/** The movie did not turn up; `lookedInRun` is the run of the last look. */
export interface Absent {
  readonly end: 'absent';
  readonly lookedInRun: string;
}

/**
 * Settles a submission that ended unknown: looks in the provider's list, the last time when nothing of the attempt can
 * arrive any more and the list has caught up. Nothing is sent meanwhile, and no cancel cuts it short: a movie that was
 * accepted is paid for, cancelled or not.
 */
export function settleDoubt(
  render: Render,
  attempt: Attempt,
  message: string,
): Promise<SubmissionEnd | Absent> {
  return CancellationScope.nonCancellable(async () => {
    const settledAtMs = attempt.latestPostEndMs + render.options.settleSeconds * 1_000;
    let lookedInRun = '';
    for (const [index, atMs] of lookTimesMs(Date.now(), settledAtMs).entries()) {
      const awaited = `look ${index + 1} of 3 in the provider's list, at ${isoOf(atMs)}; nothing is sent before`;
      render.display.show('unknown', { message, awaited });
      const hinted = await hintedBefore(render, atMs);
      if (hinted !== undefined) return hinted;
      const seen = await look(render, `${index + 1} of 3`);
      const settled = endOf(seen);
      if (settled !== undefined) return settled;
      lookedInRun = seen.runId;
    }
    return { end: 'absent', lookedInRun };
  });
}

/** Waits until a time, and settles the doubt earlier where a hint names a project that carries our mark. */
async function hintedBefore(render: Render, atMs: number): Promise<SubmissionEnd | undefined> {
  while (Date.now() < atMs) {
    const isHinted = await condition(() => render.hints.waiting, atMs - Date.now());
    if (!isHinted) return undefined;
    const found = await claimHinted(render);
    if (found !== undefined) return adopt(found);
  }
  return undefined;
}

/**
 * Keeps the key of a movie that may have been accepted and does not turn up. Nothing is sent; a look every few minutes,
 * a hint, or a cancel ends it.
 */
export async function hold(render: Render, message: string): Promise<SubmissionEnd> {
  render.display.show('held', {
    message,
    awaited: 'a person; the list is read every 5 minutes, and nothing is sent',
  });
  let settled: SubmissionEnd | undefined;
  const looking = new CancellationScope();
  void looking
    .run(() => lookUntilFound(render))
    .then(
      (seen) => {
        settled = endOf(seen);
      },
      () => undefined,
    );
  try {
    for (;;) {
      await condition(() => settled !== undefined || render.hints.waiting);
      if (settled !== undefined) return settled;
      const found = await claimHinted(render);
      if (found !== undefined) return adopt(found);
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return { end: 'abandoned', message: `given up while in doubt: ${message}` };
  } finally {
    looking.cancel();
  }
}

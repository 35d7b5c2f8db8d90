import { CancellationScope, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { RenderOptions } from '../render/options.js';
import { expiryOf, type Outcome, type OutcomeHead, type UnfinishedOutcome } from '../render/outcome.js';
import type { Reading } from '../render/reading.js';
import type { Render } from './render.js';

/** One GET has 30 s; the rest of the attempt is for the worker's own work. */
const CHECK_TIMEOUT = '40s';

/**
 * Waits until the accepted render has ended and returns its outcome, always: no failure of a check may fail a
 * render that is paid for.
 */
export async function awaitOutcome(head: OutcomeHead, { options, display }: Render): Promise<Outcome> {
  display.show('rendering', { project: head.project, awaited: 'the end of the render, by status checks' });
  const outcome = outcomeOf(head, await lastReading(head.project, options));
  display.show(outcome.status, {
    project: head.project,
    ...(outcome.status === 'done' ? { videoUrl: outcome.url } : { message: outcome.message }),
  });
  return outcome;
}

type LastReading = Reading | { readonly says: 'time is up' | 'cancelled' };

async function lastReading(project: string, options: RenderOptions): Promise<LastReading> {
  const { checkMovie } = proxyActivities<Activities>({
    startToCloseTimeout: CHECK_TIMEOUT,
    scheduleToCloseTimeout: options.renderTimeoutSeconds * 1_000,
    retry: { backoffCoefficient: 1, initialInterval: options.pollSeconds * 1_000 },
    summary: `watch project ${project}`,
  });
  try {
    return await checkMovie({ project, pollSeconds: options.pollSeconds });
  } catch (error) {
    const isCancelled = isCancellation(error) && CancellationScope.current().consideredCancelled;
    return { says: isCancelled ? 'cancelled' : 'time is up' };
  }
}

function outcomeOf(head: OutcomeHead, reading: LastReading): Outcome {
  const unfinished = (status: UnfinishedOutcome['status'], message: string): Outcome => ({
    status,
    ...head,
    message,
  });
  switch (reading.says) {
    case 'done': {
      const { video } = reading;
      return { status: 'done', ...head, ...video, expiresAt: expiryOf(video.endedAt) };
    }
    case 'error':
      return unfinished('failed', reading.message);
    case 'cancelled':
      return unfinished('cancelled', 'cancelled while rendering; the project goes on at the provider');
    default:
      return unfinished('timed-out', 'the render did not end in time; it may still end at the provider');
  }
}

import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { DecisionRequest } from '../../../src/render/decision.js';
import { renderWebhook, resolveUpdate } from '../../../src/workflows/messages.js';
import { resetRun } from '../../support/reset.js';
import { until } from '../../support/until.js';
import type { GoldenRun } from './scenario.js';

type Act = (run: GoldenRun) => Promise<void>;

/** A webhook is delivered after so many seconds. */
export function hintAfter(seconds: number, project = 'project000000001'): Act {
  return async ({ env, handle }) => {
    await env.sleep(seconds * 1_000);
    await handle.signal(renderWebhook, { project, status: 'done' });
  };
}

/** The run is cancelled after so many seconds. */
export function cancelAfter(seconds: number): Act {
  return async ({ env, handle }) => {
    await env.sleep(seconds * 1_000);
    await handle.cancel();
  };
}

/** A person decides after so many seconds, and is answered or refused. */
export function decideAfter(
  seconds: number,
  ...requests: readonly Omit<DecisionRequest, 'by' | 'why'>[]
): Act {
  return async ({ env, handle }) => {
    await env.sleep(seconds * 1_000);
    for (const request of requests) {
      const decision = { ...request, by: 'anna', why: 'recorded' };
      await handle.executeUpdate(resolveUpdate, { args: [decision] }).catch((error: unknown) => {
        if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      });
    }
  };
}

/** Resolves when the engine has recorded that the submit activity shall stop. */
export function cancelRequested(handle: GoldenRun['handle']): Promise<boolean> {
  return until('the cancel is recorded', async () => {
    const { events } = await handle.fetchHistory();
    return (events ?? []).some((event) => event.activityTaskCancelRequestedEventAttributes);
  });
}

/** The run is reset while the render goes on, as an operator does in the UI. */
export function resetWhileRendering(to: 'first' | 'last'): Act {
  return async ({ env, handle }) => {
    await until('the render is waited for', async () => {
      const { events } = await handle.fetchHistory();
      return (events ?? []).some(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'checkMovie',
      );
    });
    await resetRun(env.client, handle.workflowId, to, true);
  };
}

import type { Client } from '@temporalio/client';
import { EngineUnavailable } from '../render/errors.js';
import { WORKFLOWS } from '../workflows/messages.js';
import { requireBudget } from './budgets.js';
import { differencesOf, isSameMovie, keyReused } from './compare.js';
import type { PreparedCall } from './prepare.js';
import { Sightings } from './sightings.js';
import { startOptions } from './start-terms.js';
import { untilAnswered } from './until-answered.js';

/** Answer of a render that was started. */
export interface Started {
  readonly key: string;
  /** True if the render had been started before. */
  readonly replayed: boolean;
  /** Paths at which the call's movie differs from the one that was sent; only with `ifDifferent: 'join'`. */
  readonly differences?: readonly string[];
}

/** Starts the render without waiting for anything but the engine; needs no worker to be up. */
export async function startRender(client: Client, taskQueue: string, call: PreparedCall): Promise<Started> {
  const { key, deadlineMs } = call;
  await requireBudget(client, call.options.budget, key);
  const sightings = new Sightings();
  const replayed: Started = { key, replayed: true };
  const calling = { client, call, deadlineAtMs: Date.now() + deadlineMs, sightings };
  const started = await untilAnswered<Started>(calling, {
    attempt: async (step) => {
      // An open run is an answer, so that nothing is left to wait for in it.
      if ('join' in step) throw new Error('a start waits in no run');
      const options = startOptions(call, step.start, taskQueue);
      await client.workflow.start(WORKFLOWS.render, { ...options, workflowIdConflictPolicy: 'FAIL' });
      return { answer: { key, replayed: false }, isOwn: true };
    },
    ofRunning: async (run) => {
      if (call.joins || run.fingerprint === undefined || isSameMovie(call, run)) return replayed;
      throw await keyReused(client, call, run.project);
    },
    ofOutcome: () => replayed,
  });
  if (started?.replayed === true && call.joins) {
    const differences = await differencesOf(client, call);
    return differences.length === 0 ? started : { ...started, differences };
  }
  if (started !== undefined) return started;
  call.signal?.throwIfAborted();
  throw sightings.limited ?? new EngineUnavailable('the engine did not take the start in time', { key });
}

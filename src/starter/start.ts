import type { Client } from '@temporalio/client';
import { EngineUnavailable } from '../render/errors.js';
import { WORKFLOWS } from '../workflows/messages.js';
import { requireBudget } from './budgets.js';
import { differencesOf, isSameMovie, keyReused } from './compare.js';
import type { PreparedCall } from './prepare.js';
import { Sightings } from './sightings.js';
import { startOptions } from './start-terms.js';
import type { CurrentRun } from '../temporal/current-run.js';
import { untilAnswered } from './until-answered.js';

/** Answer of a render that was started. */
export interface Started {
  readonly key: string;
  /** True if the render had been started before. */
  readonly replayed: boolean;
  /** Paths at which the call's movie differs from the one that was sent; only with `ifDifferent: 'join'`. */
  readonly differences?: readonly string[];
}

/** The render that a start has made or found. */
interface Joined extends Started {
  /** ID of the first run of its chain. */
  readonly runId: string;
  /** Absent if another client started it without one. */
  readonly fingerprint?: string | undefined;
}

/** Starts the render without waiting for anything but the engine; needs no worker to be up. */
export async function startRender(client: Client, taskQueue: string, call: PreparedCall): Promise<Started> {
  const { key, replayed } = await joinRender(client, taskQueue, call);
  const differences = replayed && call.joins ? await differencesOf(client, call) : [];
  return { key, replayed, ...(differences.length === 0 ? {} : { differences }) };
}

/** Starts the render as `startRender` does, and returns what identifies it; `sightings` gets the runs that it has seen. */
export async function joinRender(
  client: Client,
  taskQueue: string,
  call: PreparedCall,
  sightings = new Sightings(),
): Promise<Joined> {
  const { key, deadlineMs } = call;
  await requireBudget(client, call.options.budget, key);
  const calling = { client, call, deadlineAtMs: Date.now() + deadlineMs, sightings };
  const started = await untilAnswered<Joined>(calling, {
    attempt: async (step) => {
      // An open run is an answer, so that nothing is left to wait for in it.
      if ('join' in step) throw new Error('a start waits in no run');
      const options = startOptions(call, step.start, taskQueue);
      const run = await client.workflow.start(WORKFLOWS.render, {
        ...options,
        workflowIdConflictPolicy: 'FAIL',
      });
      sightings.join(run.firstExecutionRunId);
      const { fingerprint } = options.memo;
      return {
        answer: { key, replayed: false, runId: run.firstExecutionRunId, fingerprint },
        isOwn: true,
      };
    },
    ofRunning: async (run) => {
      if (call.joins || run.fingerprint === undefined || isSameMovie(call, run)) {
        return found(key, run, run.fingerprint);
      }
      throw await keyReused(client, call, run.project);
    },
    ofOutcome: ({ fingerprint }, run) => found(key, run, fingerprint),
  });
  if (started !== undefined) return started;
  call.signal?.throwIfAborted();
  throw sightings.limited ?? new EngineUnavailable('the engine did not take the start in time', { key });
}

function found(key: string, { firstRunId, runId }: CurrentRun, fingerprint: string | undefined): Joined {
  return { key, replayed: true, runId: firstRunId ?? runId, fingerprint };
}

import type { Client } from '@temporalio/client';
import { EngineUnavailable } from '../render/errors.js';
import { RENDER_MOVIE } from '../workflows/messages.js';
import { keyReused } from './closed-runs.js';
import type { PreparedCall } from './prepare.js';
import { startOptions } from './start-terms.js';
import { untilAnswered } from './until-answered.js';

/** Answer of a render that was started. */
export interface Started {
  readonly key: string;
  /** True if the render had been started before. */
  readonly replayed: boolean;
}

/** Starts the render without waiting for anything but the engine; needs no worker to be up. */
export async function startRender(client: Client, taskQueue: string, call: PreparedCall): Promise<Started> {
  const { key, deadlineMs } = call;
  const deadlineAtMs = Date.now() + deadlineMs;
  const replayed: Started = { key, replayed: true };
  const started = await untilAnswered<Started>(client, call, deadlineAtMs, {
    attempt: async (terms) => {
      const options = startOptions(call, terms, taskQueue);
      await client.workflow.start(RENDER_MOVIE, { ...options, workflowIdConflictPolicy: 'FAIL' });
      return { answer: { key, replayed: false }, isOwn: true };
    },
    ofRunning: async ({ fingerprint, project }) => {
      if (fingerprint === undefined || fingerprint === call.fingerprint) return replayed;
      throw await keyReused(client, call, project);
    },
    ofOutcome: () => replayed,
  });
  if (started !== undefined) return started;
  call.signal?.throwIfAborted();
  throw new EngineUnavailable('the engine did not take the start in time', { key });
}

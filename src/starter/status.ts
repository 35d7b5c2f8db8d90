import type { Client } from '@temporalio/client';
import { KeyNotFound } from '../render/errors.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import type { RenderState } from '../render/state.js';
import { type CurrentRun, describeCurrentRun, readRunEnd, stateOfRun } from './current-run.js';
import { translateEngineError } from './engine-errors.js';
import { readSubmissions } from './submissions.js';

/** Where a render stands; read from the engine alone, so it needs no worker and never waits. Times are ISO 8601 UTC. */
export interface RenderStatus {
  readonly key: string;
  readonly state: RenderState;
  readonly project?: string;
  /** Submissions made so far. */
  readonly attempts: number;
  /** The provider's status at the last check, in words. */
  readonly providerStatus?: string;
  readonly message?: string;
  readonly startedAt: string;
  readonly closedAt?: string;
}

/** Reads a key's status. Throws KeyNotFound where the engine knows no render under it. */
export async function readStatus(client: Client, key: string): Promise<RenderStatus> {
  try {
    return await client.withDeadline(Date.now() + ENGINE_CALL_MS, async () => {
      const run = await describeCurrentRun(client, key);
      if (run === undefined) throw new KeyNotFound(`the engine knows no render under key ${key}`, { key });
      const [submissions, endMessage] = await Promise.all([
        readSubmissions(client, key, run.runId),
        messageOfEnd(client, key, run),
      ]);
      const isSubmitted = run.project !== undefined;
      return statusOf(
        key,
        run,
        submissions.attempts,
        endMessage ?? (isSubmitted ? undefined : submissions.last),
      );
    });
  } catch (error) {
    throw translateEngineError(error, key);
  }
}

function statusOf(key: string, run: CurrentRun, attempts: number, message: string | undefined): RenderStatus {
  return {
    key,
    state: stateOfRun(run),
    ...(run.project === undefined ? {} : { project: run.project }),
    attempts,
    ...(run.checking === undefined ? {} : { providerStatus: run.checking }),
    ...(message === undefined ? {} : { message }),
    startedAt: run.startedAt.toISOString(),
    ...(run.closedAt === undefined ? {} : { closedAt: run.closedAt.toISOString() }),
  };
}

async function messageOfEnd(client: Client, key: string, run: CurrentRun): Promise<string | undefined> {
  if (run.status === 'running') return undefined;
  const end = await readRunEnd(client, key, run.runId);
  if ('failure' in end) return end.message;
  return end.outcome.status === 'done' ? undefined : end.outcome.message;
}

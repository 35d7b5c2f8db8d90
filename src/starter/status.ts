import type { Client } from '@temporalio/client';
import { KeyNotFound } from '../render/errors.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import type { RenderState } from '../render/state.js';
import { type CurrentRun, describeCurrentRun, readRunEnd, stateOfRun } from './current-run.js';
import { translateEngineError } from './engine-errors.js';
import { expected } from './expected.js';
import { readRecorded } from './recorded.js';
import { type StoryLine, tell } from './story.js';
import { hasWorker } from './task-queue.js';

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

/** A render's status, how it came there, and what comes next. */
export interface RenderStory extends RenderStatus {
  /** What happened so far, oldest first. */
  readonly events: readonly StoryLine[];
  /** What the render waits for; empty where it is closed. */
  readonly next: readonly string[];
}

/** Reads a key's status. Throws KeyNotFound where the engine knows no render under it. */
export async function readStatus(client: Client, key: string): Promise<RenderStatus> {
  const { events: _events, next: _next, ...status } = await readStory(client, key);
  return status;
}

/** Reads a key's story. Throws KeyNotFound where the engine knows no render under it. */
export async function readStory(client: Client, key: string): Promise<RenderStory> {
  try {
    return await client.withDeadline(Date.now() + ENGINE_CALL_MS, async () => {
      const run = await describeCurrentRun(client, key);
      if (run === undefined) throw new KeyNotFound(`the engine knows no render under key ${key}`, { key });
      const [recorded, endMessage] = await Promise.all([
        readRecorded(client, key, run.runId),
        messageOfEnd(client, key, run),
      ]);
      const story = tell(recorded);
      const message = endMessage ?? (run.project === undefined ? story.last : undefined);
      const status = statusOf(key, run, story.attempts, message);
      const isRunning = run.status === 'running';
      const next = isRunning ? await expected(client, story, run.pending) : [];
      const isIdle = isRunning && !(await hasWorker(client, run.taskQueue));
      const noWorker = `nothing, until a worker polls task queue ${run.taskQueue}: start renderonce worker`;
      return { ...status, events: story.lines, next: isIdle ? [noWorker, ...next] : next };
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

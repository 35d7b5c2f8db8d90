import type { Client } from '@temporalio/client';
import type { RenderState } from '../render/state.js';
import { askEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, readRunEnd, requireCurrentRun, stateOfRun } from '../temporal/current-run.js';
import { expected, isDue } from './expected.js';
import { readRecorded } from './recorded.js';
import { type Story, type StoryLine, tell } from './story.js';
import { hasWorker, readBacklog } from '../temporal/task-queue.js';

/** Where a render stands; read from the engine alone, so it needs no worker and never waits. Times are ISO 8601 UTC. */
export interface RenderStatus {
  readonly key: string;
  readonly state: RenderState;
  readonly project?: string;
  /** Submissions made so far. */
  readonly attempts: number;
  /** The provider's status at the last check, in words; absent where the render is closed. */
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
  return askEngine(client, key, async () => (await readPast(client, key)).status);
}

/** Reads a key's story. Throws KeyNotFound where the engine knows no render under it. */
export async function readStory(client: Client, key: string): Promise<RenderStory> {
  return askEngine(client, key, async () => {
    const { run, story, status } = await readPast(client, key);
    const next = run.status === 'running' ? await readNext(client, run, story) : [];
    return { ...status, events: story.lines, next };
  });
}

interface Past {
  readonly run: CurrentRun;
  readonly story: Story;
  readonly status: RenderStatus;
}

async function readPast(client: Client, key: string): Promise<Past> {
  const run = await requireCurrentRun(client, key);
  const [recorded, endMessage] = await Promise.all([
    readRecorded(client, key, run.runId),
    messageOfEnd(client, key, run),
  ]);
  const story = tell(recorded);
  const message = endMessage ?? (run.project === undefined ? story.last : undefined);
  return { run, story, status: statusOf(key, run, story.attempts, message) };
}

/** What a running render waits for; where nobody works, that first. */
async function readNext(client: Client, run: CurrentRun, story: Story): Promise<string[]> {
  const next = await expected(client, story, run.pending);
  if (!(await hasWorker(client, run.taskQueue))) {
    return [`nothing, until a worker polls task queue ${run.taskQueue}: start renderonce worker`, ...next];
  }
  return run.pending.some(isDue) ? [...next, ...(await pressure(client, run.taskQueue))] : next;
}

/** Why a request that is due has not begun: others are before it. */
async function pressure(client: Client, taskQueue: string): Promise<string[]> {
  const { requests, oldestSeconds } = await readBacklog(client, taskQueue);
  if (requests === 0) return [];
  return [
    `about ${requests} requests to the provider wait for their turn in task queue ${taskQueue}, the oldest for ${oldestSeconds} s; submissions go first, and RENDERONCE_PROVIDER_RPS or the number of workers is the limit`,
  ];
}

function statusOf(key: string, run: CurrentRun, attempts: number, message: string | undefined): RenderStatus {
  return {
    key,
    state: stateOfRun(run),
    ...(run.project === undefined ? {} : { project: run.project }),
    attempts,
    // What was still asked when the run closed tells nothing any more.
    ...(run.checking === undefined || run.closedAt !== undefined ? {} : { providerStatus: run.checking }),
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

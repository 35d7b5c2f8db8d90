import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@temporalio/client';
import { WATCH_INTERVAL_MS } from '../render/limits.js';
import type { RenderState } from '../render/state.js';
import { abortable, askEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, readRunResult, requireCurrentRun } from '../temporal/current-run.js';
import { nextOf } from './next.js';
import { readHistory } from './history.js';
import { type Story, type StoryLine, tell } from './story.js';

/** Status of a render, read from the engine alone: it needs no worker and never waits. Times are ISO 8601 UTC. */
export interface RenderStatus {
  readonly key: string;
  readonly state: RenderState;
  readonly project?: string;
  /** Number of submissions made so far. */
  readonly attempts: number;
  /** The provider's status at the last check, in words; absent if the render is closed. */
  readonly providerStatus?: string;
  readonly message?: string;
  readonly startedAt: string;
  readonly closedAt?: string;
}

/** Status of a render, with its past and its next steps. */
export interface RenderStory extends RenderStatus {
  /** Past events, oldest first. */
  readonly events: readonly StoryLine[];
  /** Events that the render waits for; none if it is closed. */
  readonly next: readonly string[];
}

/** Reads the status of a key. Throws KeyNotFound if the engine knows no render under it. */
export async function readStatus(client: Client, key: string): Promise<RenderStatus> {
  return askEngine(client, key, async () => (await readPast(client, key)).status);
}

/** Reads the story of a key. Throws KeyNotFound if the engine knows no render under it. */
export async function readStory(client: Client, key: string): Promise<RenderStory> {
  return askEngine(client, key, async () => {
    const { run, story, status } = await readPast(client, key);
    const next = run.status === 'running' ? await nextOf(client, run, story) : [];
    return { ...status, events: story.lines, next };
  });
}

/**
 * Yields the status of a render now, and again whenever it has changed, until the render is closed. Describes the run at
 * an interval, and reads the history, which holds the movie, only if the description has changed.
 */
export async function* watchRender(
  client: Client,
  key: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<RenderStatus, void, undefined> {
  let seen: Omit<CurrentRun, 'pending'> | undefined;
  let yielded: RenderStatus | undefined;
  for (;;) {
    // `pending` changes with every attempt and heartbeat; the part that people see is in `checking`.
    const { pending: _pending, ...run } = await abortable(client, signal, () =>
      askEngine(client, key, () => requireCurrentRun(client, key)),
    );
    if (!isDeepStrictEqual(run, seen)) {
      const status = await abortable(client, signal, () => readStatus(client, key));
      if (!isDeepStrictEqual(status, yielded)) yield status;
      if (status.closedAt !== undefined) return;
      [seen, yielded] = [run, status];
    }
    await abortable(client, signal, (own) => pause(WATCH_INTERVAL_MS, undefined, { signal: own }));
  }
}

interface Past {
  readonly run: CurrentRun;
  readonly story: Story;
  readonly status: RenderStatus;
}

async function readPast(client: Client, key: string): Promise<Past> {
  const run = await requireCurrentRun(client, key);
  const [recorded, endMessage] = await Promise.all([
    readHistory(client, key, run.runId),
    messageOfEnd(client, key, run),
  ]);
  const story = tell(recorded);
  const message = endMessage ?? (run.project === undefined ? story.last : undefined);
  return { run, story, status: statusOf(key, run, story.attempts, message) };
}

function statusOf(key: string, run: CurrentRun, attempts: number, message: string | undefined): RenderStatus {
  return {
    key,
    state: run.state,
    ...(run.project === undefined ? {} : { project: run.project }),
    attempts,
    // A check that was pending when the run closed says nothing any more.
    ...(run.checking === undefined || run.closedAt !== undefined ? {} : { providerStatus: run.checking }),
    ...(message === undefined ? {} : { message }),
    startedAt: run.startedAt.toISOString(),
    ...(run.closedAt === undefined ? {} : { closedAt: run.closedAt.toISOString() }),
  };
}

async function messageOfEnd(client: Client, key: string, run: CurrentRun): Promise<string | undefined> {
  if (run.status === 'running') return undefined;
  const result = await readRunResult(client, key, run.runId);
  if ('failure' in result) return result.message;
  return result.outcome.status === 'done' ? undefined : result.outcome.message;
}

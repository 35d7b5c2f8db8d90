import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@temporalio/client';
import type { SubmitHeartbeat } from '../render/activity-results.js';
import type { RenderState } from '../render/state.js';
import { abortable, askEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, readRunResult, requireCurrentRun } from '../temporal/current-run.js';
import { decodePayload, failureMessage } from '../temporal/decode.js';
import { readBacklog, readIdle } from '../temporal/task-queue.js';
import { membersOf } from '../text/json.js';
import { shorten } from '../text/text.js';
import { isoOf } from '../text/time.js';
import type { KeptVideo } from '../render/kept.js';
import { describePending } from './activity-words.js';
import { millis, readHistory, type Recorded } from './history.js';
import { type CopyState, copyLines, keptLines, readCopy } from './kept.js';
import { type PossibleDecision, possibleDecisions } from './possible-decisions.js';
import { readReports } from './reports.js';
import { type StoryLine, tell } from './story.js';

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
  /** The copy of the video, once it is made. */
  readonly kept?: KeptVideo;
}

/** Status of a render, with its past and its next steps. */
export interface RenderStory extends RenderStatus {
  /** Past events, oldest first. */
  readonly events: readonly StoryLine[];
  /** Events that the render waits for; none if it is closed. */
  readonly next: readonly string[];
  /** Decisions that `resolve` accepts; none if nothing is in doubt. */
  readonly decisions: readonly PossibleDecision[];
}

/** Reads the status of a key. Throws KeyNotFound if the engine knows no render under it. */
export async function readStatus(client: Client, key: string, untilMs?: number): Promise<RenderStatus> {
  return askEngine(client, key, async () => (await readPast(client, key)).status, untilMs);
}

/** Reads the story of a key. Throws KeyNotFound if the engine knows no render under it. */
export async function readStory(client: Client, key: string, untilMs?: number): Promise<RenderStory> {
  const read = async (): Promise<RenderStory> => {
    const { run, recorded, story, status, copy } = await readPast(client, key);
    const reports = await readReports(client, key, run);
    const events = [...story.lines, ...keptLines(copy), ...reports.lines].toSorted(byTime);
    const isOpen = run.status === 'running';
    const next = isOpen ? await nextOf(client, run, story) : copyLines(copy);
    const decisions = isOpen ? possibleDecisions(run.state, recorded, Date.now()) : [];
    return { ...status, events, next: [...next, ...reports.next], decisions };
  };
  return askEngine(client, key, read, untilMs);
}

const byTime = (one: StoryLine, other: StoryLine): number => Date.parse(one.at) - Date.parse(other.at);

/** `watch` asks the engine for a render's state at this interval: soon enough for a person, one small call for the engine. */
const WATCH_INTERVAL_MS = 1_000;

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
    const { pending: _pending, ...run } = await abortable(client, { signal }, () =>
      askEngine(client, key, () => requireCurrentRun(client, key)),
    );
    if (!isDeepStrictEqual(run, seen)) {
      const status = await abortable(client, { signal }, () => readStatus(client, key));
      if (!isDeepStrictEqual(status, yielded)) yield status;
      if (status.closedAt !== undefined) return;
      [seen, yielded] = [run, status];
    }
    await abortable(client, { signal }, (own) => pause(WATCH_INTERVAL_MS, undefined, { signal: own }));
  }
}

type Story = ReturnType<typeof tell>;

interface Past {
  readonly run: CurrentRun;
  readonly recorded: readonly Recorded[];
  readonly story: Story;
  readonly status: RenderStatus;
  readonly copy: CopyState;
}

async function readPast(client: Client, key: string): Promise<Past> {
  const run = await requireCurrentRun(client, key);
  const [recorded, endMessage, copy] = await Promise.all([
    readHistory(client, key, run.runId),
    messageOfEnd(client, key, run),
    readCopy(client, key, run),
  ]);
  const story = tell(recorded);
  const message = endMessage ?? (run.project === undefined ? story.last : undefined);
  const kept = copy.state === 'kept' ? { kept: copy.kept } : {};
  const status = { ...statusOf(key, run, story.attempts, message), ...kept };
  return { run, recorded, story, status, copy };
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

type Pending = CurrentRun['pending'][number];

/** PENDING_ACTIVITY_STATE_SCHEDULED of the engine's API: in the task queue, or in the pause before its repetition. */
const SCHEDULED = 1;

/** Describes the events that a running render waits for: timers, activities, and first of all a worker if there is none. */
async function nextOf(client: Client, { taskQueue, pending }: CurrentRun, story: Story): Promise<string[]> {
  const timers = [...story.timers.values()].map(
    ({ summary, firesAtMs }) => `${summary}, at ${isoOf(firesAtMs)}`,
  );
  const activities = await Promise.all(pending.map((activity) => activityText(client, story, activity)));
  const next = [...timers, ...activities];
  const idle = await readIdle(client, taskQueue);
  if (idle !== undefined) return [`nothing: ${idle.message}; ${idle.fix}`, ...next];
  return pending.some(isDue) ? [...next, ...(await backlogText(client, taskQueue))] : next;
}

/** Returns true if an activity could be under way and is still in the task queue. */
function isDue({ state, scheduledTime, nextAttemptScheduleTime }: Pending): boolean {
  return Number(state) === SCHEDULED && millis(nextAttemptScheduleTime ?? scheduledTime) <= Date.now();
}

/** Gives the reason why a request that is due has not begun: others are before it. */
async function backlogText(client: Client, taskQueue: string): Promise<string[]> {
  const { requests, oldestSeconds } = await readBacklog(client, taskQueue);
  if (requests === 0) return [];
  return [
    `about ${requests} requests to the provider wait for their turn in task queue ${taskQueue}, the oldest for ${oldestSeconds} s; RENDERONCE_PROVIDER_RPS or the number of workers is the limit`,
  ];
}

async function activityText(client: Client, story: Story, activity: Pending): Promise<string> {
  const name = activity.activityType?.name ?? '';
  if (name === 'submitMovie') return submittingText(client, story, activity);
  const nextAtMs = millis(activity.nextAttemptScheduleTime);
  const next = nextAtMs === 0 ? '' : `; next at ${isoOf(nextAtMs)}`;
  const said = await failureMessage(client, activity.lastFailure);
  return `${describePending(name)}${said ? ` (last: ${shorten(said)})` : ''}${next}`;
}

/** Answers a person whose worker has died: whether something may have left, and when the engine notices. */
async function submittingText(
  client: Client,
  { attempts, submitTimeoutMs }: Story,
  { lastStartedTime, heartbeatDetails }: Pending,
): Promise<string> {
  const startedMs = millis(lastStartedTime);
  if (startedMs === 0) return `submission ${attempts}, as soon as a worker takes it`;
  const heartbeat = await decodePayload(client, heartbeatDetails?.payloads);
  const whatIf =
    membersOf<SubmitHeartbeat>(heartbeat).sending === true
      ? 'it may be accepted already, so that the provider is asked before anything is sent again'
      : 'nothing was sent yet, so that it is simply tried again';
  const until = isoOf(startedMs + submitTimeoutMs);
  return `submission ${attempts} is under way since ${isoOf(startedMs)}, until ${until} at the latest; if its worker falls silent: ${whatIf}`;
}

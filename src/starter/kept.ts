import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { VideoStore } from '../keep/video-store.js';
import { pathIn } from '../keep/video-store.js';
import { NotKept, RenderonceError } from '../render/errors.js';
import type { AfterRequest } from '../render/event.js';
import type { KeptVideo } from '../render/kept.js';
import type { RenderState } from '../render/state.js';
import { abortable, askEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, requireCurrentRun } from '../temporal/current-run.js';
import { failureMessage } from '../temporal/decode.js';
import { membersOf } from '../text/json.js';
import { shorten } from '../text/text.js';
import { isoOf } from '../text/time.js';
import { type AfterRun, readAfter, wasEndedFromOutside } from './after-run.js';
import { readHistory } from './history.js';
import { awaitResult } from './result.js';
import type { StoryLine } from './story.js';

/** The copy of a key's video. */
export interface KeptCopy extends KeptVideo {
  readonly key: string;
}

/** The copy is asked for again after a pause that grows from the first to the last. */
const FIRST_PAUSE_MS = 300;
const LAST_PAUSE_MS = 5_000;

/**
 * Waits for the end of a render and for the copy of its video. Each question has a signal of its own: Temporal's client never
 * removes its listeners, and a wait may last for days.
 */
export async function awaitKept(
  client: Client,
  key: string,
  store: VideoStore | undefined,
  signal: AbortSignal | undefined,
): Promise<KeptCopy> {
  const cause = await abortable(client, { signal }, () => awaitResult(client, key)).then(
    () => undefined,
    unlessEnded,
  );
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LAST_PAUSE_MS, pauseMs * 1.5)) {
    const copy = await abortable(client, { signal }, () =>
      askEngine(client, key, async () => readCopy(client, key, await requireCurrentRun(client, key))),
    );
    switch (copy.state) {
      case 'kept':
        return { key, ...withLink(copy.kept, store) };
      case 'lost':
        throw new NotKept(`the video was lost before it was kept: ${copy.message}`, { key, cause });
      case 'none':
        throw new NotKept(whyNone(cause), { key, cause });
      case 'keeping':
        await abortable(client, { signal }, (own) =>
          pause(pauseMs, undefined, own === undefined ? {} : { signal: own }),
        );
    }
  }
}

/** Lets only those errors pass that are no end of a render. */
function unlessEnded(error: unknown): RenderonceError {
  if (error instanceof RenderonceError && ENDS.includes(error.code)) return error;
  throw error;
}

const ENDS = [
  'RenderFailed',
  'RenderTimedOut',
  'RenderCancelled',
  'MovieRejected',
  'RenderAbandoned',
  'IdempotencyKeyReused',
];

function whyNone(cause: RenderonceError | undefined): string {
  return cause === undefined
    ? 'no copy of this video is made: its render was started without keeping'
    : `there is no video: ${cause.message}`;
}

/** Adds the lasting link, if the worker that made the copy did not know it. */
function withLink(kept: KeptVideo, store: VideoStore | undefined): KeptVideo {
  const path = store === undefined || kept.url !== undefined ? undefined : pathIn(store, kept.store);
  const url = path === undefined ? undefined : store?.publicUrl(path);
  return url === undefined ? kept : { ...kept, url };
}

/** Ends that a video, perhaps a late one, may follow. */
const WITH_VIDEO: readonly RenderState[] = ['done', 'timed-out'];

/**
 * Reads what has become of the copy of a run's video, from the engine alone: it needs no worker and never waits. Errors are
 * the client's own.
 */
export async function readCopy(client: Client, key: string, run: CurrentRun): Promise<CopyState> {
  if (run.closedAt === undefined || !WITH_VIDEO.includes(run.state)) return { state: 'none' };
  const after = await readAfter(client, key, run);
  return after === undefined ? { state: 'none' } : copyStateOf(client, after);
}

/** What has become of a copy. Times are ISO 8601 UTC. */
export type CopyState =
  | { readonly state: 'none' }
  /** With the fault of the last attempt, if there was one. */
  | { readonly state: 'keeping'; readonly fault: string | undefined }
  | { readonly state: 'kept'; readonly kept: KeptVideo }
  | { readonly state: 'lost'; readonly message: string; readonly at: string; readonly wayOn: string };

/** Reads the state from the history of the workflow that makes the copy. */
async function copyStateOf(client: Client, { id, recorded }: AfterRun): Promise<CopyState> {
  const started = recorded.find(({ what }) => what === 'started');
  const request = started?.what === 'started' ? membersOf<AfterRequest>(started.request) : {};
  if (membersOf<AfterRequest['follow']>(request.follow).keep !== true) return { state: 'none' };
  const copying = recorded.findLast((entry) => entry.what === 'activity' && entry.type === 'keepVideo');
  const copyId = copying?.what === 'activity' ? copying.id : undefined;
  const end = recorded.find((entry) => 'id' in entry && entry.id === copyId && entry.what !== 'activity');
  const lost = (message: string): CopyState => ({
    state: 'lost',
    message,
    at: isoOf(end?.atMs ?? Date.now()),
    wayOn: wayOnFrom(id, request),
  });
  if (end?.what === 'activity ended') {
    const kept = keptIn(end.result);
    return kept === undefined ? lost('the record of the copy is unreadable') : { state: 'kept', kept };
  }
  if (end !== undefined) {
    return lost(end.what === 'activity failed' ? end.message : 'the provider has deleted the file by now');
  }
  const after = await client.workflow.getHandle(id).describe();
  if (wasEndedFromOutside(after))
    return copying === undefined ? { state: 'none' } : lost('its workflow was ended from outside');
  if (after.closeTime !== undefined) {
    // It has made the copy since its history was read, or it makes none.
    const whole = await readHistory(client, id);
    return whole.length > recorded.length ? copyStateOf(client, { id, recorded: whole }) : { state: 'none' };
  }
  const pending = after.raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'keepVideo');
  return { state: 'keeping', fault: await failureMessage(client, pending?.lastFailure) };
}

/** Returns what a person can do about a lost video. */
function wayOnFrom(id: string, { end }: { readonly end?: unknown }): string {
  const { expiresAt } = membersOf<{ expiresAt: unknown }>(end);
  const isGone = typeof expiresAt === 'string' && Date.parse(expiresAt) <= Date.now();
  if (isGone) return 'nothing: the provider has deleted the file. A render under a new key is paid again';
  const until = typeof expiresAt === 'string' ? `, until ${expiresAt}` : '';
  return `as long as the provider has the file${until}: remove the cause, and reset workflow ${id} in the Temporal UI to its first task. After that only a render under a new key helps, which is paid again`;
}

function keptIn(result: unknown): KeptVideo | undefined {
  const { project, store, url, sha256, sizeBytes, keptAt } = membersOf<KeptVideo>(result);
  if (typeof project !== 'string' || typeof store !== 'string' || typeof sha256 !== 'string')
    return undefined;
  if (typeof sizeBytes !== 'number' || typeof keptAt !== 'string') return undefined;
  return { project, store, ...(typeof url === 'string' ? { url } : {}), sha256, sizeBytes, keptAt };
}

/** Returns the end of the copying as lines of the render's story. */
export function keptLines(copy: CopyState): readonly StoryLine[] {
  if (copy.state === 'kept') {
    const { keptAt, store, sizeBytes } = copy.kept;
    return [{ at: keptAt, text: `the video is kept: ${store}, ${sizeBytes} bytes` }];
  }
  if (copy.state !== 'lost') return [];
  return [{ at: copy.at, text: `the video is lost, no copy was made: ${copy.message}` }];
}

/** Returns what comes next for a copy: that it is made, or the way on if the video is lost. */
export function copyLines(copy: CopyState): readonly string[] {
  if (copy.state === 'lost') return [copy.wayOn];
  if (copy.state !== 'keeping') return [];
  return [`the copy of the video${copy.fault === undefined ? '' : ` (last: ${shorten(copy.fault)})`}`];
}

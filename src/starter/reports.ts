import type { Client } from '@temporalio/client';
import { heldId, type SendEventRequest, type SentEvent } from '../render/event.js';
import { targetsIn } from '../render/follow.js';
import type { CurrentRun } from '../temporal/current-run.js';
import { failureMessage } from '../temporal/decode.js';
import { membersOf } from '../text/json.js';
import { shellWord } from '../text/shell-word.js';
import { shorten } from '../text/text.js';
import { isoOf } from '../text/time.js';
import { type AfterRun, readAfter, wasEndedFromOutside } from './after-run.js';
import { millis, type Recorded } from './history.js';
import type { StoryLine } from './story.js';

/** What has become of the events about a run: those that have ended, and those that are on their way. */
interface Reports {
  readonly lines: readonly StoryLine[];
  readonly next: readonly string[];
}

/** Reads it from the engine alone: it needs no worker and never waits. Errors are the client's own. */
export async function readReports(client: Client, key: string, run: CurrentRun): Promise<Reports> {
  const { runId, firstRunId = runId } = run;
  const runs = await Promise.all([
    run.state === 'held' ? readAfter(client, key, run, [heldId(key, firstRunId)]) : undefined,
    run.closedAt === undefined ? undefined : readAfter(client, key, run),
  ]);
  const found = runs.filter((each) => each !== undefined);
  const told = await Promise.all(found.map((each) => tellEvents(client, key, each)));
  return { lines: told.flatMap(({ lines }) => lines), next: told.flatMap(({ next }) => next) };
}

async function tellEvents(client: Client, key: string, { id, recorded }: AfterRun): Promise<Reports> {
  const lines: StoryLine[] = [];
  const open = new Map<string, string>();
  let isUndelivered = false;
  for (const sending of recorded) {
    if (sending.what !== 'activity' || sending.sent === undefined) continue;
    const name = nameOf(sending.sent.request);
    const end = recorded.find((entry) => isEndOf(entry, sending.id));
    if (end === undefined) open.set(sending.sent.activityId, name);
    else lines.push({ at: isoOf(end.atMs), text: shorten(`event ${name}: ${endText(end)}`) });
    isUndelivered ||= end !== undefined && end.what !== 'activity ended';
  }
  const next = open.size === 0 ? [] : await pendingTexts(client, id, open);
  const replay = `event undelivered: once the receiver works, renderonce events replay ${shellWord(key)} sends it again`;
  return { lines, next: isUndelivered ? [...next, replay] : next };
}

function isEndOf(entry: Recorded, id: string): boolean {
  // Timers have IDs of their own.
  return 'id' in entry && entry.id === id && entry.what.startsWith('activity ');
}

function nameOf(request: unknown): string {
  const { type, to } = membersOf<SendEventRequest>(request);
  const [target] = targetsIn([to]);
  const receiver = typeof target === 'object' ? new URL(target.url).host : target;
  return `${typeof type === 'string' ? type : 'of an unknown type'} to ${receiver ?? 'an unknown receiver'}`;
}

function endText(end: Recorded): string {
  if (end.what === 'activity ended') {
    const { status, attempts } = membersOf<SentEvent>(end.result);
    if (typeof status !== 'number') return 'not sent, as the destination does not want it';
    return `delivered, HTTP ${status}${typeof attempts === 'number' ? `, attempt ${attempts}` : ''}`;
  }
  return `undelivered: ${end.what === 'activity failed' ? end.message : 'no worker could send it in time'}`;
}

/** Returns the events on their way, by the ID of their activity, with their last fault and their next attempt. */
async function pendingTexts(
  client: Client,
  id: string,
  open: ReadonlyMap<string, string>,
): Promise<string[]> {
  const after = await client.workflow.getHandle(id).describe();
  const isNever = wasEndedFromOutside(after);
  return Promise.all(
    [...open].map(async ([activityId, name]) => {
      if (isNever) return `event ${name}: never, its workflow was ended from outside`;
      const pending = after.raw.pendingActivities?.find((each) => each.activityId === activityId);
      const fault = await failureMessage(client, pending?.lastFailure);
      const atMs = millis(pending?.nextAttemptScheduleTime);
      const last = fault === undefined || fault === '' ? '' : ` (last: ${shorten(fault)})`;
      return `event ${name}${last}${atMs === 0 ? '' : `; next at ${isoOf(atMs)}`}`;
    }),
  );
}

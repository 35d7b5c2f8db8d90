import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { eventId } from '../events/body.js';
import { KeyNotFound } from '../render/errors.js';
import {
  afterId,
  type AnnounceRequest,
  budgetEventId,
  EVENT_TYPES,
  type EventType,
  heldId,
} from '../render/event.js';
import { notifyFault, type NotifyTarget, targetsIn } from '../render/follow.js';
import { askEngine } from '../temporal/ask-engine.js';
import { otherAfterId } from '../temporal/after-ids.js';
import { decodePayload } from '../temporal/decode.js';
import { quoted, searchable } from '../temporal/render-index.js';
import { isJsonObject, membersOf } from '../text/json.js';
import { WORKFLOWS } from '../workflows/messages.js';

/** An event that is sent again. */
interface ReplayedEvent {
  /** The event's ID, the same as before. */
  readonly id: string;
  readonly type: EventType;
  readonly to: string;
}

/**
 * Sends the events of a key, or of a budget of that name if no render has the key, again, as they were sent the first time:
 * with the same ID, and to the same destinations.
 *
 * @throws KeyNotFound if no event of the key was sent
 */
export async function replayEvents(client: Client, key: string): Promise<readonly ReplayedEvent[]> {
  const ids = await askEngine(client, key, async () => {
    const ofRender = await sendersOf(client, key);
    return ofRender.length > 0 ? ofRender : sendersOf(client, key, 'budget');
  });
  const replayed: ReplayedEvent[] = [];
  for (const workflowId of ids) replayed.push(...(await replaySent(client, workflowId)));
  if (replayed.length === 0) throw new KeyNotFound('no event of this key was sent', { key });
  return replayed;
}

/** Sends what one workflow sent again. */
export async function replaySent(client: Client, workflowId: string): Promise<readonly ReplayedEvent[]> {
  const { namespace } = client.options;
  const sent = await askEngine(client, undefined, () => readSent(client, workflowId));
  const { taskQueue } = await askEngine(client, undefined, () =>
    client.workflow.getHandle(workflowId).describe(),
  );
  const replayed: ReplayedEvent[] = [];
  for (const { event, notify } of sent) {
    const to = nameOf(notify);
    const id = eventId(namespace, event);
    await askEngine(client, event.subject[0], () =>
      client.workflow.start(WORKFLOWS.announce, {
        workflowId: replayId(id, to),
        taskQueue,
        args: [{ event, notify } satisfies AnnounceRequest],
        // A replay that is still on its way is the same one.
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        memo: { key: event.subject[0], type: event.type },
      }),
    );
    replayed.push({ id, type: event.type, to });
  }
  return replayed;
}

/** Returns the receivers of an event in words. */
function nameOf(notify: readonly NotifyTarget[]): string {
  return notify.map((target) => (typeof target === 'string' ? target : target.url)).join();
}

/** Returns the ID of the workflow that sends an event again to a receiver. */
export function replayId(id: string, to: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([id, to]))
    .digest('hex');
  return `renderonce.replay:${hash}`;
}

/** Returns the IDs of the workflows that send the events of a key, or of a budget. */
export async function sendersOf(
  client: Client,
  key: string,
  of: 'render' | 'budget' = 'render',
): Promise<string[]> {
  const prefixes = of === 'render' ? [afterId(key, ''), heldId(key, '')] : [budgetEventId(key, '', '')];
  const starts = prefixes.map((prefix) => `WorkflowId STARTS_WITH ${quoted(searchable(prefix))}`);
  const query = `WorkflowType IN ("${WORKFLOWS.after}", "${WORKFLOWS.announce}") AND (${starts.join(' OR ')})`;
  const ids = new Set<string>();
  const firstRuns = new Set<string>();
  for await (const { workflowId, memo } of client.workflow.list({ query })) {
    if (membersOf<{ key: unknown }>(memo).key !== key) continue;
    ids.add(workflowId);
    if (of === 'render') firstRuns.add(workflowId.slice(-36));
  }
  const others = [...firstRuns].flatMap((firstRunId) => otherIds(key, firstRunId));
  if (others.length === 0) return [...ids];
  for await (const { workflowId } of client.workflow.list({
    query: `WorkflowId IN (${others.map(quoted).join(', ')})`,
  }))
    ids.add(workflowId);
  return [...ids];
}

const ENDS = ['done', 'failed', 'timed-out', 'cancelled', 'rejected', 'abandoned'] as const;

/** Returns the IDs under which other ends of a chain of runs are followed, after a reset. */
function otherIds(key: string, firstRunId: string): string[] {
  return ENDS.map((status) => otherAfterId(key, firstRunId, status));
}

/** Reads the events that a workflow has sent, or tried to send, from its history. */
async function readSent(client: Client, workflowId: string): Promise<AnnounceRequest[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const sent: AnnounceRequest[] = [];
  for (const { activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
    if (scheduled?.activityType?.name !== 'sendEvent') continue;
    const request = sentRequest(await decodePayload(client, scheduled.input?.payloads));
    if (request !== undefined) sent.push(request);
  }
  return sent;
}

/** Parses the argument of a recorded activity `sendEvent`. */
export function sentRequest(recorded: unknown): AnnounceRequest | undefined {
  if (!isJsonObject(recorded)) return undefined;
  const { type, timestamp, subject, data, to } = recorded;
  const known = EVENT_TYPES.find((each) => each === type);
  const [key, run] = Array.isArray(subject) ? subject : [];
  const isWhole = typeof timestamp === 'string' && isJsonObject(data) && notifyFault([to]) === undefined;
  if (known === undefined || !isWhole || typeof key !== 'string' || typeof run !== 'string') return undefined;
  return { event: { type: known, timestamp, subject: [key, run], data }, notify: targetsIn([to]) };
}

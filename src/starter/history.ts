import type { Client, WorkflowHandle } from '@temporalio/client';
import { decodeForeign, decodePayload, failureMessage } from '../temporal/decode.js';
import { renderWebhook, resolveUpdate } from '../workflows/messages.js';

type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];
type Untimed = Recorded extends infer One ? (One extends unknown ? Omit<One, 'atMs'> : never) : never;

/**
 * One entry of a run's history, decoded. Times are epoch milliseconds. Members of type `unknown` come from workers and
 * callers of any version; `story.ts` and `activity-words.ts` parse them.
 */
export type Recorded = { readonly atMs: number } & (
  | { readonly what: 'started'; readonly request: unknown }
  /** `timeoutMs`: longest duration of one attempt. `sent` stands only at `sendEvent`: its own ID and its argument. */
  | {
      readonly what: 'activity';
      readonly id: string;
      readonly type: string;
      readonly timeoutMs: number;
      readonly sent?: { readonly activityId: string; readonly request: unknown };
    }
  | { readonly what: 'activity ended'; readonly id: string; readonly result: unknown }
  | { readonly what: 'activity failed'; readonly id: string; readonly message: string }
  /** With the details of its last heartbeat. */
  | { readonly what: 'activity fell silent'; readonly id: string; readonly heartbeat: unknown }
  | { readonly what: 'timer'; readonly id: string; readonly summary: string; readonly firesAtMs: number }
  | { readonly what: 'timer over'; readonly id: string }
  | { readonly what: 'decision'; readonly id: string; readonly request: unknown }
  | { readonly what: 'decided'; readonly id: string; readonly answer?: unknown; readonly refused?: string }
  | { readonly what: 'hint'; readonly hint: unknown }
  | { readonly what: 'unknown signal'; readonly name: string }
  | { readonly what: 'cancel requested' }
  | { readonly what: 'terminated'; readonly reason: string }
);

/** Reads a run's history, oldest entry first; needs no worker. */
export async function readHistory(client: Client, key: string, runId?: string): Promise<Recorded[]> {
  const { events } = await client.workflow.getHandle(key, runId).fetchHistory();
  const reader = new Reader(client);
  const recorded: Recorded[] = [];
  for (const event of events ?? []) {
    const read = await reader.read(event);
    if (read !== undefined) recorded.push(read);
  }
  return recorded;
}

class Reader {
  readonly #client: Client;
  /** Update IDs of decisions, since other updates complete, too. */
  readonly #decisions = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  async read(event: Event): Promise<Recorded | undefined> {
    const read =
      (await this.#readActivity(event)) ?? (await this.#readTimer(event)) ?? (await this.#readMessage(event));
    return read === undefined ? undefined : { atMs: millis(event.eventTime), ...read };
  }

  async #readActivity(event: Event): Promise<Untimed | undefined> {
    const scheduled = event.activityTaskScheduledEventAttributes;
    const completed = event.activityTaskCompletedEventAttributes;
    const failed = event.activityTaskFailedEventAttributes;
    const canceled = event.activityTaskCanceledEventAttributes;
    const timedOut = event.activityTaskTimedOutEventAttributes;
    if (scheduled) {
      const type = scheduled.activityType?.name ?? '';
      const timeoutMs = millis(scheduled.startToCloseTimeout);
      const activity = { what: 'activity', id: String(event.eventId), type, timeoutMs } as const;
      if (type !== 'sendEvent') return activity;
      const request = await decodePayload(this.#client, scheduled.input?.payloads);
      return { ...activity, sent: { activityId: scheduled.activityId ?? '', request } };
    }
    if (completed) {
      const result = await decodePayload(this.#client, completed.result?.payloads);
      return { what: 'activity ended', id: String(completed.scheduledEventId), result };
    }
    if (timedOut) {
      const details = timedOut.failure?.cause?.timeoutFailureInfo ?? timedOut.failure?.timeoutFailureInfo;
      const heartbeat = await decodePayload(this.#client, details?.lastHeartbeatDetails?.payloads);
      return { what: 'activity fell silent', id: String(timedOut.scheduledEventId), heartbeat };
    }
    const ended = failed ?? canceled;
    if (!ended) return undefined;
    const message =
      (await failureMessage(this.#client, failed?.failure)) ?? (canceled ? 'cancelled' : 'failed');
    return { what: 'activity failed', id: String(ended.scheduledEventId), message };
  }

  async #readTimer(event: Event): Promise<Untimed | undefined> {
    const started = event.timerStartedEventAttributes;
    if (started) {
      const firesAtMs = millis(event.eventTime) + millis(started.startToFireTimeout);
      return { what: 'timer', id: started.timerId ?? '', summary: await this.#summaryOf(event), firesAtMs };
    }
    const over = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
    return over ? { what: 'timer over', id: over.timerId ?? '' } : undefined;
  }

  async #readMessage(event: Event): Promise<Untimed | undefined> {
    const started = event.workflowExecutionStartedEventAttributes;
    if (started)
      return { what: 'started', request: await decodeForeign(this.#client, started.input?.payloads) };
    const signaled = event.workflowExecutionSignaledEventAttributes;
    if (signaled && signaled.signalName !== renderWebhook.name) {
      return { what: 'unknown signal', name: signaled.signalName ?? '' };
    }
    if (signaled) return { what: 'hint', hint: await decodeForeign(this.#client, signaled.input?.payloads) };
    if (event.workflowExecutionCancelRequestedEventAttributes) return { what: 'cancel requested' };
    const terminated = event.workflowExecutionTerminatedEventAttributes;
    if (terminated) return { what: 'terminated', reason: terminated.reason ?? '' };
    return this.#readUpdate(event);
  }

  async #readUpdate(event: Event): Promise<Untimed | undefined> {
    // A reset records the updates that it repeats as admitted, with the request.
    const request =
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest ??
      event.workflowExecutionUpdateAdmittedEventAttributes?.request;
    if (request?.input?.name === resolveUpdate.name) {
      const id = request.meta?.updateId ?? '';
      if (this.#decisions.has(id)) return undefined;
      this.#decisions.add(id);
      return {
        what: 'decision',
        id,
        request: await decodePayload(this.#client, request.input.args?.payloads),
      };
    }
    const completed = event.workflowExecutionUpdateCompletedEventAttributes;
    const id = completed?.meta?.updateId ?? '';
    if (!completed || !this.#decisions.has(id)) return undefined;
    const refused = await failureMessage(this.#client, completed.outcome?.failure);
    if (refused !== undefined) return { what: 'decided', id, refused };
    return {
      what: 'decided',
      id,
      answer: await decodePayload(this.#client, completed.outcome?.success?.payloads),
    };
  }

  async #summaryOf(event: Event): Promise<string> {
    const payload = event.userMetadata?.summary;
    const summary = payload ? await decodePayload(this.#client, [payload]).catch(() => undefined) : undefined;
    return typeof summary === 'string' ? summary : '';
  }
}

/** Converts a protobuf timestamp or duration to milliseconds. */
export function millis(span: Event['eventTime']): number {
  return Number(span?.seconds ?? 0) * 1_000 + Math.floor((span?.nanos ?? 0) / 1_000_000);
}

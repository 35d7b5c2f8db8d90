import type { Client, WorkflowHandle } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { failureMessage } from '../temporal/failure-message.js';

type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];
type Payloads = Parameters<typeof decodeArrayFromPayloads>[1];
type Failure = Parameters<typeof failureMessage>[1];

/** One thing that a run's history tells, decoded. Times are epoch milliseconds. */
export type Recorded = { readonly atMs: number } & (
  | { readonly what: 'started'; readonly request: unknown }
  /** `timeoutMs`: how long one attempt may take. */
  | { readonly what: 'activity'; readonly id: string; readonly type: string; readonly timeoutMs: number }
  | { readonly what: 'activity ended'; readonly id: string; readonly result: unknown }
  | { readonly what: 'activity failed'; readonly id: string; readonly message: string }
  /** With what its last heartbeat had told. */
  | { readonly what: 'activity fell silent'; readonly id: string; readonly heartbeat: unknown }
  | { readonly what: 'timer'; readonly id: string; readonly summary: string; readonly firesAtMs: number }
  | { readonly what: 'timer over'; readonly id: string }
  | { readonly what: 'decision'; readonly id: string; readonly request: unknown }
  | { readonly what: 'decided'; readonly id: string; readonly answer?: unknown; readonly refused?: string }
  | { readonly what: 'hint'; readonly hint: unknown }
  | { readonly what: 'cancel requested' }
  | { readonly what: 'terminated'; readonly reason: string }
);

/** Reads what a run's history tells, oldest first; needs no worker. */
export async function readRecorded(client: Client, key: string, runId: string): Promise<Recorded[]> {
  const { events } = await client.workflow.getHandle(key, runId).fetchHistory();
  const reader = new Reader(
    (payloads) =>
      decodeArrayFromPayloads(client.options.loadedDataConverter, payloads).then(([first]) => first),
    (failure) => failureMessage(client, failure),
  );
  const recorded: Recorded[] = [];
  for (const event of events ?? []) {
    const read = await reader.read(event);
    if (read !== undefined) recorded.push(read);
  }
  return recorded;
}

class Reader {
  readonly #decode: (payloads: Payloads) => Promise<unknown>;
  readonly #messageOf: (failure: Failure) => Promise<string | undefined>;

  constructor(
    decode: (payloads: Payloads) => Promise<unknown>,
    messageOf: (failure: Failure) => Promise<string | undefined>,
  ) {
    this.#decode = decode;
    this.#messageOf = messageOf;
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
      return { what: 'activity', id: String(event.eventId), type, timeoutMs };
    }
    if (completed) {
      const result = await this.#decode(completed.result?.payloads);
      return { what: 'activity ended', id: String(completed.scheduledEventId), result };
    }
    if (timedOut) {
      const details = timedOut.failure?.cause?.timeoutFailureInfo ?? timedOut.failure?.timeoutFailureInfo;
      const heartbeat = await this.#decode(details?.lastHeartbeatDetails?.payloads);
      return { what: 'activity fell silent', id: String(timedOut.scheduledEventId), heartbeat };
    }
    const ended = failed ?? canceled;
    if (!ended) return undefined;
    const message = (await this.#messageOf(failed?.failure)) ?? (canceled ? 'cancelled' : 'failed');
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
    if (started) return { what: 'started', request: await this.#decode(started.input?.payloads) };
    const signaled = event.workflowExecutionSignaledEventAttributes;
    if (signaled) return { what: 'hint', hint: await this.#decode(signaled.input?.payloads) };
    if (event.workflowExecutionCancelRequestedEventAttributes) return { what: 'cancel requested' };
    const terminated = event.workflowExecutionTerminatedEventAttributes;
    if (terminated) return { what: 'terminated', reason: terminated.reason ?? '' };
    return this.#readUpdate(event);
  }

  async #readUpdate(event: Event): Promise<Untimed | undefined> {
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    const request = accepted?.acceptedRequest;
    if (request?.input?.name === 'resolveSubmission') {
      const id = request.meta?.updateId ?? '';
      return { what: 'decision', id, request: await this.#decode(request.input.args?.payloads) };
    }
    const completed = event.workflowExecutionUpdateCompletedEventAttributes;
    if (!completed) return undefined;
    const id = completed.meta?.updateId ?? '';
    const refused = await this.#messageOf(completed.outcome?.failure);
    if (refused !== undefined) return { what: 'decided', id, refused };
    return { what: 'decided', id, answer: await this.#decode(completed.outcome?.success?.payloads) };
  }

  async #summaryOf(event: Event): Promise<string> {
    const payload = event.userMetadata?.summary;
    const summary = payload ? await this.#decode([payload]).catch(() => undefined) : undefined;
    return typeof summary === 'string' ? summary : '';
  }
}

type Untimed = Recorded extends infer One ? (One extends unknown ? Omit<One, 'atMs'> : never) : never;

/** A protobuf timestamp or duration in milliseconds. */
export function millis(span: Event['eventTime']): number {
  return Number(span?.seconds ?? 0) * 1_000 + Math.floor((span?.nanos ?? 0) / 1_000_000);
}

import { defaultPayloadConverter } from '@temporalio/common';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { DecisionRequest } from '../../src/render/decision.js';
import { resolveUpdate, SUBMIT_UPDATE_ID } from '../../src/workflows/messages.js';

type Event = NonNullable<History['events']>[number];

/** What a recorded run went through, read from its events alone. */
export interface RecordedEnd {
  /** Type of the workflow. */
  readonly type: string | undefined;
  /** All states that it showed, in order; the last is the state in which it ended. */
  readonly states: readonly unknown[];
  /** The type of the failure that update `submit` answered with, if it did. */
  readonly failure: string | undefined;
  /** How the engine calls the end. */
  readonly closed: 'completed' | 'failed' | 'canceled' | undefined;
  /** What people decided, or wanted to. */
  readonly decisions: readonly unknown[];
  /** Activities that were scheduled, and local ones that were recorded. */
  readonly activities: readonly string[];
  /** Types of the workflows that were started. */
  readonly children: readonly string[];
  /** Activities that were scheduled, and neither ended nor cancelled: the Temporal UI shows them as pending, also in a closed run. */
  readonly pending: readonly string[];
}

export function readEnd({ events }: History): RecordedEnd {
  const all = events ?? [];
  return {
    type: all[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? undefined,
    states: all.flatMap(stateOf),
    failure: all.map(failureOf).find((type) => type !== undefined),
    closed: closeOf(all.at(-1)),
    decisions: all.flatMap(decisionOf),
    activities: all.flatMap(activityOf),
    children: all.flatMap(
      (event) => event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowType?.name ?? [],
    ),
    pending: pendingOf(all),
  };
}

function pendingOf(all: readonly Event[]): string[] {
  const ended = all.flatMap((event) => [
    event.activityTaskCompletedEventAttributes?.scheduledEventId,
    event.activityTaskFailedEventAttributes?.scheduledEventId,
    event.activityTaskTimedOutEventAttributes?.scheduledEventId,
    // An attempt that runs at this very moment ends by itself.
    event.activityTaskCancelRequestedEventAttributes?.scheduledEventId,
  ]);
  const ids = new Set(ended.map(String));
  return all
    .filter(({ eventId }) => !ids.has(String(eventId)))
    .flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []);
}

function stateOf(event: Event): unknown[] {
  const fields =
    event.workflowExecutionStartedEventAttributes?.searchAttributes?.indexedFields ??
    event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
  const state = fields?.['RenderState'];
  return state === undefined ? [] : [defaultPayloadConverter.fromPayload(state)].flat();
}

function failureOf(event: Event): string | undefined {
  const { outcome, meta } = event.workflowExecutionUpdateCompletedEventAttributes ?? {};
  if (meta?.updateId !== SUBMIT_UPDATE_ID) return undefined;
  return outcome?.failure?.applicationFailureInfo?.type ?? undefined;
}

function decisionOf(event: Event): unknown[] {
  const { input } = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest ?? {};
  if (input?.name !== resolveUpdate.name) return [];
  const [payload] = input.args?.payloads ?? [];
  return payload ? [defaultPayloadConverter.fromPayload<DecisionRequest>(payload).action] : [];
}

function closeOf(event: Event | undefined): RecordedEnd['closed'] {
  if (event?.workflowExecutionCompletedEventAttributes) return 'completed';
  if (event?.workflowExecutionFailedEventAttributes) return 'failed';
  return event?.workflowExecutionCanceledEventAttributes ? 'canceled' : undefined;
}

function activityOf(event: Event): string[] {
  const name = event.activityTaskScheduledEventAttributes?.activityType?.name;
  if (name) return [name];
  const marker = event.markerRecordedEventAttributes;
  if (marker?.markerName !== 'core_local_activity') return [];
  const [payload] = marker.details?.['data']?.payloads ?? [];
  const data: unknown = payload && JSON.parse(Buffer.from(payload.data ?? []).toString('utf8'));
  return typeof data === 'object' && data !== null
    ? [`local ${String(Reflect.get(data, 'activity_type'))}`]
    : [];
}

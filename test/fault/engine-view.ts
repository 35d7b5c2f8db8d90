import type { Client } from '@temporalio/client';
import { z } from 'zod';

type Event = NonNullable<
  Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>['events']
>[number];

/** What the engine has recorded of a key's newest run; empty where it knows none. */
export async function eventsOf(client: Client, key: string): Promise<readonly Event[]> {
  try {
    return (await client.workflow.getHandle(key).fetchHistory()).events ?? [];
  } catch {
    return [];
  }
}

/** Whether an activity of this type was completed. */
export function isCompleted(events: readonly Event[], type: string): boolean {
  const scheduled = events.filter(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === type,
  );
  const ids = scheduled.map((event) => String(event.eventId));
  return events.some((event) =>
    ids.includes(String(event.activityTaskCompletedEventAttributes?.scheduledEventId)),
  );
}

export function countSignals(events: readonly Event[]): number {
  return events.filter((event) => event.workflowExecutionSignaledEventAttributes).length;
}

/** Where a run stands, as far as it tells whether it goes on. */
export interface RunView {
  readonly isRunning: boolean;
  readonly events: number;
  readonly pending: readonly {
    readonly type: string;
    readonly attempt: number;
    readonly isStarted: boolean;
    readonly hasHeartbeat: boolean;
  }[];
}

const STARTED = 2;

export async function viewOf(client: Client, key: string): Promise<RunView | undefined> {
  try {
    const { status, historyLength, raw } = await client.workflow.getHandle(key).describe();
    return {
      isRunning: status.name === 'RUNNING',
      events: historyLength,
      pending: (raw.pendingActivities ?? []).map((activity) => ({
        type: activity.activityType?.name ?? '',
        attempt: activity.attempt ?? 1,
        isStarted: Number(activity.state) === STARTED,
        hasHeartbeat: (activity.heartbeatDetails?.payloads?.length ?? 0) > 0,
      })),
    };
  } catch {
    return undefined;
  }
}

/** Whether a run went on since it was looked at: an event more, an attempt more, or its end. */
export function hasMovedOn(before: RunView | undefined, now: RunView | undefined): boolean {
  if (before === undefined || now === undefined) return now !== undefined;
  const attempts = (view: RunView): number => view.pending.reduce((sum, { attempt }) => sum + attempt, 0);
  return !now.isRunning || now.events > before.events || attempts(now) > attempts(before);
}

const submitted = z.object({ submission: z.object({ end: z.string() }) });

/** How the submissions of a key ended, as the engine recorded it. An attempt that fell silent ended as its heartbeats tell. */
export async function submissionEnds(client: Client, key: string): Promise<readonly string[]> {
  return (await eventsOf(client, key)).flatMap((event) => {
    const silent = event.activityTaskTimedOutEventAttributes?.failure?.timeoutFailureInfo;
    if (silent)
      return textOf(silent.lastHeartbeatDetails).includes('"sending":true') ? ['unknown'] : ['refused'];
    const text = textOf(event.activityTaskCompletedEventAttributes?.result);
    const result = submitted.safeParse(text === '' ? undefined : JSON.parse(text));
    return result.success ? [result.data.submission.end] : [];
  });
}

interface Payloads {
  readonly payloads?: readonly { readonly data?: Uint8Array | null }[] | null;
}

function textOf(from: Payloads | null | undefined): string {
  return Buffer.from(from?.payloads?.[0]?.data ?? []).toString('utf8');
}

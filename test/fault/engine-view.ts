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

/** How the submissions of a key ended, as the worker told the engine. */
export async function submissionEnds(client: Client, key: string): Promise<readonly string[]> {
  const results = (await eventsOf(client, key)).flatMap(
    (event) => event.activityTaskCompletedEventAttributes?.result?.payloads ?? [],
  );
  return results.flatMap(({ data }) => {
    const result = submitted.safeParse(JSON.parse(Buffer.from(data ?? []).toString('utf8')));
    return result.success ? [result.data.submission.end] : [];
  });
}

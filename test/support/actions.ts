import type { History } from '@temporalio/common/lib/proto-utils.js';

/** Actions that Temporal Cloud bills for a run and that its history shows, by kind; heartbeats and queries are not in it. */
function actionsOf({ events }: History): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (kind: string, number = 1): void => {
    counts[kind] = (counts[kind] ?? 0) + number;
  };
  let marked: string | undefined;
  for (const event of events ?? []) {
    if (event.workflowExecutionStartedEventAttributes) count('start');
    if (event.workflowExecutionUpdateAcceptedEventAttributes) count('update');
    if (event.workflowExecutionSignaledEventAttributes) count('signal');
    if (event.upsertWorkflowSearchAttributesEventAttributes) count('search attributes');
    if (event.timerStartedEventAttributes) count('timer');
    if (event.activityTaskScheduledEventAttributes) count('activity');
    // The intent and the attempt.
    if (event.startChildWorkflowExecutionInitiatedEventAttributes) count('child', 2);
    const { activityTaskStartedEventAttributes: started, markerRecordedEventAttributes: marker } = event;
    if (started && (started.attempt ?? 1) > 1) count('retry', (started.attempt ?? 1) - 1);
    // All local activities of one workflow task are one action.
    const task = String(marker?.workflowTaskCompletedEventId ?? '');
    if (marker && task !== marked) count('local activities');
    if (marker) marked = task;
  }
  return counts;
}

/** The number of actions of a run that its history shows. */
export function numberOfActions(history: History): number {
  return Object.values(actionsOf(history)).reduce((sum, number) => sum + number, 0);
}

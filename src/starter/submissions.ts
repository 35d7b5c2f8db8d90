import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { isJsonObject } from '../render/json.js';

/** What a run's history tells of its submissions. */
export interface Submissions {
  readonly attempts: number;
  /** How the last one that is over ended, in words. */
  readonly last?: string;
}

/** Reads the submissions of a run from its history, where each is recorded with its end; needs no worker. */
export async function readSubmissions(client: Client, key: string, runId: string): Promise<Submissions> {
  const { events } = await client.workflow.getHandle(key, runId).fetchHistory();
  const scheduled = new Set<string>();
  let last: string | undefined;
  for (const event of events ?? []) {
    if (event.activityTaskScheduledEventAttributes?.activityType?.name === 'submitMovie') {
      scheduled.add(String(event.eventId));
    }
    const completed = event.activityTaskCompletedEventAttributes;
    const timedOut = event.activityTaskTimedOutEventAttributes;
    const failed = event.activityTaskFailedEventAttributes;
    const end = completed ?? timedOut ?? failed;
    if (end === undefined || end === null || !scheduled.has(String(end.scheduledEventId))) continue;
    if (completed) {
      const [result] = await decodeArrayFromPayloads(
        client.options.loadedDataConverter,
        completed.result?.payloads,
      );
      last = describeSubmission(result);
    } else if (timedOut) {
      last = 'the worker fell silent during the submission';
    } else {
      last = failed?.failure?.message ?? 'the submission failed';
    }
  }
  return { attempts: scheduled.size, ...(last === undefined ? {} : { last }) };
}

function describeSubmission(result: unknown): string {
  const submission = isJsonObject(result) ? result['submission'] : undefined;
  if (!isJsonObject(submission)) return 'the submission ended in a way that this version does not know';
  const text = (name: string): string => {
    const value = submission[name];
    return typeof value === 'string' ? value : '';
  };
  const head = text('end') === 'refused' ? `waiting for ${text('waitingFor')}` : text('end');
  return `${head}: ${text('message')}`;
}

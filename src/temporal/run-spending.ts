import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { ActivityResults, SubmitHeartbeat } from '../render/activity-results.js';
import type { Settlement } from '../render/budget.js';
import { membersOf } from '../text/json.js';
import { ATTRIBUTES, FAILURES } from '../workflows/messages.js';
import { readRunResult } from './current-run.js';
import { decodePayload } from './decode.js';
import { isNotFound } from './engine-errors.js';

/** A run for which a budget holds credits. */
export interface ReservedRun {
  /** ID of the chain's first run. */
  readonly run: string;
  /** The run that reserved. */
  readonly runId: string;
  readonly key: string;
}

type Spent = Pick<Settlement, 'post' | 'inDoubt'>;

const NOTHING: Spent = { post: 0, inDoubt: 'none' };
const IN_DOUBT: Spent = { post: 0, inDoubt: 'all' };

/**
 * Returns what a closed run has spent, from what the engine recorded; undefined while the run, or one that came from it by a
 * reset, is open. If the engine does not know it any more, all of it is in doubt.
 */
export async function readSpending(
  client: Client,
  { run, runId, key }: ReservedRun,
): Promise<Spent | undefined> {
  const [own, newest] = await Promise.all([describe(client, key, runId), describe(client, key)]);
  const isOfChain = newest?.raw.workflowExecutionInfo?.firstRunId === run;
  const last = isOfChain ? newest : own;
  if (last === undefined) return IN_DOUBT;
  if (last.status.name === 'RUNNING' || last.status.name === 'PAUSED') return undefined;
  return spentBy(client, key, last);
}

async function describe(
  client: Client,
  key: string,
  runId?: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(key, runId).describe();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function spentBy(client: Client, key: string, run: WorkflowExecutionDescription): Promise<Spent> {
  const credits = run.typedSearchAttributes.get(ATTRIBUTES.credits);
  switch (run.status.name) {
    case 'COMPLETED': {
      const state = run.typedSearchAttributes.get(ATTRIBUTES.state);
      const isPriced = (state === 'done' || state === 'failed') && credits !== undefined;
      return isPriced ? { post: credits, inDoubt: 'rest' } : IN_DOUBT;
    }
    case 'CANCELLED':
      return NOTHING;
    case 'FAILED': {
      const result = await readRunResult(client, key, run.runId);
      return 'failure' in result && result.failure === FAILURES.rejected ? NOTHING : IN_DOUBT;
    }
    default:
      return (await mayHaveSent(client, key, run.runId)) ? IN_DOUBT : NOTHING;
  }
}

type Event = NonNullable<
  Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>['events']
>[number];

/** Returns false if every submission of a run surely sent nothing that was accepted. A run that was ended may hold an open one. */
async function mayHaveSent(client: Client, key: string, runId: string): Promise<boolean> {
  const { events } = await client.workflow.getHandle(key, runId).fetchHistory();
  const open = new Set<string>();
  for (const event of events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name === 'submitMovie') open.add(String(event.eventId));
    const ended = await endedWithout(client, event);
    if (ended !== undefined) open.delete(ended);
  }
  return open.size > 0;
}

/** Returns the submission that an event ends, if nothing of it was accepted. */
async function endedWithout(client: Client, event: Event): Promise<string | undefined> {
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed) {
    const result = await decodePayload(client, completed.result?.payloads);
    const { submission } = membersOf<ActivityResults['submitMovie']>(result);
    const { end } = membersOf<ActivityResults['submitMovie']['submission']>(submission);
    return end === 'refused' || end === 'rejected' ? String(completed.scheduledEventId) : undefined;
  }
  const timedOut = event.activityTaskTimedOutEventAttributes;
  if (!timedOut) return undefined;
  const details = timedOut.failure?.timeoutFailureInfo ?? timedOut.failure?.cause?.timeoutFailureInfo;
  const heartbeat = await decodePayload(client, details?.lastHeartbeatDetails?.payloads);
  return membersOf<SubmitHeartbeat>(heartbeat).sending === true
    ? undefined
    : String(timedOut.scheduledEventId);
}

import type { Client } from '@temporalio/client';
import pMap from 'p-map';
import { afterId } from '../render/event.js';
import { type Follow, followOf } from '../render/follow.js';
import { shellWord } from '../text/shell-word.js';
import { isJsonObject, membersOf } from '../text/json.js';
import { shownRun } from '../temporal/current-run.js';
import { readStartedRun } from '../temporal/started-run.js';
import { WORKFLOWS } from '../workflows/messages.js';
import { readHistory } from './history.js';

/** A render that has ended, and of whose end nobody was told, though somebody should be. */
export interface Unreported {
  readonly key: string;
  readonly state: string;
  readonly closedAt: string;
  /** The next step of a person. */
  readonly next: string;
}

/** Histories that are read at the same time. */
const AT_ONCE = 8;

/** The index lags: a run that closed just now may have a child that it does not show yet. */
const LAG_MS = 60_000;

/**
 * Finds renders of a period that have ended without the event that their call or their worker had asked for: a run that was
 * terminated from outside sends none. Reads the history of each ended render without one.
 */
export async function findUnreported(
  client: Client,
  since: Date,
  until: Date,
): Promise<readonly Unreported[]> {
  const followed = new Set<string>();
  for await (const { workflowId } of client.workflow.list({
    // One that was ended from outside may have told nobody.
    query: `WorkflowType="${WORKFLOWS.after}" AND StartTime>="${since.toISOString()}" AND ExecutionStatus IN ("Running", "Completed", "Failed")`,
  }))
    followed.add(workflowId);
  const last = new Date(Math.min(until.getTime(), Date.now() - LAG_MS));
  const period = `CloseTime>="${since.toISOString()}" AND CloseTime<="${last.toISOString()}"`;
  const ended: {
    readonly key: string;
    readonly runId: string;
    readonly state: string;
    readonly closedAt: string;
  }[] = [];
  for await (const run of client.workflow.list({
    query: `WorkflowType="${WORKFLOWS.render}" AND ${period}`,
  })) {
    const { workflowId: key, runId, closeTime } = run;
    if (followed.has(afterId(key, runId))) continue;
    ended.push({ key, runId, state: shownRun(run).state, closedAt: closeTime?.toISOString() ?? '' });
  }
  const judged = await pMap(
    ended,
    async ({ key, runId, ...rest }) =>
      (await isSilent(client, key, runId, followed)) ? [{ key, ...rest }] : [],
    { concurrency: AT_ONCE },
  );
  return judged.flat().map((each) => ({ ...each, next: nextStep(each.key) }));
}

/** True if a run should have been reported, and was not, by the words of its own history. */
async function isSilent(
  client: Client,
  key: string,
  runId: string,
  followed: ReadonlySet<string>,
): Promise<boolean> {
  const { firstRunId, options } = await readStartedRun(client, { workflowId: key, runId });
  // A run that came from a reset has the child of its chain.
  if (followed.has(afterId(key, firstRunId))) return false;
  let worker: Follow | undefined;
  for (const recorded of await readHistory(client, key, runId)) {
    if (recorded.what === 'activity ended') worker = followIn(recorded.result) ?? worker;
  }
  const { notify } = membersOf<Follow>(options);
  return followOf({ notify: Array.isArray(notify) ? notify : undefined }, worker).notify.length > 0;
}

function followIn(result: unknown): Follow | undefined {
  const follow = isJsonObject(result) ? result['follow'] : undefined;
  const { keep, notify } = membersOf<Follow>(follow);
  return Array.isArray(notify) ? { keep: keep === true, notify } : undefined;
}

function nextStep(key: string): string {
  return `No event is known to be sent. \`renderonce status ${shellWord(key)}\` shows the end: tell the receiver yourself.`;
}

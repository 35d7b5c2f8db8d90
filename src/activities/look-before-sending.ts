import { setTimeout as pause } from 'node:timers/promises';
import type { LookFirst, LookStamp } from '../render/activity-results.js';
import { accountOfBoth, UNKNOWN_ACCOUNT } from '../render/account.js';
import type { IndexedRun, RenderIndex } from '../temporal/render-index.js';
import { earliestOf } from '../render/look-times.js';
import { isoOf } from '../text/time.js';

/** A run that is about to send, and what it knows. */
interface Sender {
  readonly key: string;
  readonly runId: string;
  /** ID of the chain's first run: the run's own unless it came from a reset. */
  readonly firstRunId: string;
  readonly startedAtMs: number;
  /** The closed run on which its caller decided; absent for the first run of a key. */
  readonly after: string | undefined;
  readonly looked: LookStamp | undefined;
  readonly account: string;
  /** Epoch milliseconds until which all that comes before the POST must be done. */
  readonly deadlineMs: number;
}

/** The engine's index does not show the run within the time. */
export class IndexLags extends Error {}

/** The index shows a new run after a second or so. */
const INDEX_MS = 10_000;
const INDEX_PAUSE_MS = 250;

/**
 * Returns the terms of the look that a run must make before it sends; undefined if it may send now. Three kinds of runs
 * may not know what was sent before: one on a restored engine, one that came from a reset, and one that started after
 * runs that its caller had not seen.
 *
 * @throws IndexLags
 */
export async function lookBeforeSending(
  sender: Sender,
  index: RenderIndex,
  restoredTo: string | undefined,
): Promise<LookFirst | undefined> {
  const { runId, firstRunId, startedAtMs, account } = sender;
  const looked = sender.looked?.runId === runId ? sender.looked : undefined;
  const isSettled = looked?.isProven === true || looked?.byPerson === true;
  if (restoredTo !== undefined && !(isSettled && isOfRestore(looked, restoredTo))) {
    // The same look settles what unseen runs may have sent, also before the backup.
    const unseen = await unseenBy(sender, index);
    const since = unseen === undefined ? restoredTo : earliestOf(restoredTo, unseen.since);
    return { since, account: unseen?.account ?? account, marksSuffice: true };
  }
  if (runId !== firstRunId && looked?.byPerson !== true) {
    return { since: isoOf(startedAtMs), account: UNKNOWN_ACCOUNT, needsPerson: true };
  }
  return isSettled ? undefined : unseenBy(sender, index);
}

/** Returns the terms of a look for what the runs have sent that the caller had not seen; undefined if there are none. */
async function unseenBy(sender: Sender, index: RenderIndex): Promise<LookFirst | undefined> {
  const { after, runId, account } = sender;
  if (after === undefined) return undefined;
  const unseen = newerThan(await runsWith(sender, index), after, runId);
  if (unseen.length === 0) return undefined;
  return {
    since: isoOf(Math.min(...unseen.map((run) => run.startedAtMs))),
    account: unseen.map((run) => accountOf(run, account)).reduce(accountOfBoth),
  };
}

/** The time alone does not tell: it may be set too early, and looks of before the restore are in the backup. */
function isOfRestore({ at, restoredTo: of }: LookStamp, restoredTo: string): boolean {
  return of !== undefined && Date.parse(of) === Date.parse(restoredTo) && Date.parse(at) > Date.parse(of);
}

/** Reads the runs of the key until the index shows the run itself, and so all that closed before it began. */
async function runsWith(
  { key, runId, deadlineMs }: Sender,
  index: RenderIndex,
): Promise<readonly IndexedRun[]> {
  // The engine cancels a call that the deadline cuts off, so the last one begins early enough to be answered.
  const untilMs = Math.min(Date.now() + INDEX_MS, deadlineMs - 2 * INDEX_PAUSE_MS);
  for (;;) {
    const runs = await index.runsOf(key);
    if (runs.some((run) => run.runId === runId)) return runs;
    if (Date.now() > untilMs) throw new IndexLags("the engine's index does not show this run yet");
    await pause(INDEX_PAUSE_MS);
  }
}

/** If the index no longer shows the run of the decision, any other may be newer. */
function newerThan(runs: readonly IndexedRun[], after: string, own: string): IndexedRun[] {
  const decided = runs.find((run) => run.runId === after);
  return runs.filter(
    (run) => run.runId !== own && run !== decided && run.startedAtMs >= (decided?.startedAtMs ?? 0),
  );
}

/** A run that ended by itself names the account of its doubt; without one nothing of it is in doubt. */
function accountOf({ account, endedFromOutside }: IndexedRun, own: string): string {
  return account ?? (endedFromOutside ? UNKNOWN_ACCOUNT : own);
}

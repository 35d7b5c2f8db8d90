import { EngineUnavailable, SubmissionPending } from '../render/errors.js';
import { askEngine } from '../temporal/ask-engine.js';
import { describeCurrentRun } from '../temporal/current-run.js';
import { readStartedRun } from '../temporal/started-run.js';
import { readNoWorker } from '../temporal/task-queue.js';
import { isSameMovie, keyReused } from './compare.js';
import { type Calling, deletedRun } from './until-answered.js';

/** Longest time past the deadline in which the reason is asked for. */
const REASON_MS = 2_000;

/** Returns the reason why the deadline passed without an answer. */
export async function whyPending({ client, call, sightings }: Calling): Promise<Error> {
  const { key, signal } = call;
  signal?.throwIfAborted();
  const untilMs = Date.now() + REASON_MS;
  const run = await askEngine(client, key, () => describeCurrentRun(client, key), untilMs);
  if (run === undefined) {
    if (sightings.isKnown) return deletedRun(key);
    return sightings.limited ?? new EngineUnavailable('the engine did not take the start in time', { key });
  }
  sightings.see(run);
  const isOther = run.fingerprint !== undefined && !isSameMovie(call, run);
  if (isOther && !call.joins) return keyReused(client, call, run.project);
  // The answer about the run's first event may be missing; the reason is known without it.
  const started = await askEngine(
    client,
    key,
    () => readStartedRun(client, { workflowId: key, runId: run.runId }),
    untilMs,
  ).catch(() => undefined);
  const replayed = started === undefined ? undefined : started.caller !== call.caller;
  const pending = new SubmissionPending(run.state, { key, replayed });
  if (run.status !== 'running') return pending;
  // Without an answer about workers, the run itself is known to go on.
  const noWorker = await askEngine(
    client,
    key,
    () => readNoWorker(client, run.taskQueue, { key }),
    untilMs,
  ).catch(() => undefined);
  return noWorker ?? pending;
}

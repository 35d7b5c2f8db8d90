import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { RenderCancelled, RenderFailed, RenderTimedOut } from '../render/errors.js';
import type { Outcome, RenderedMovie, UnfinishedOutcome } from '../render/outcome.js';
import { readRunResult, requireCurrentRun } from '../temporal/current-run.js';
import { translateEngineError } from '../temporal/engine-errors.js';
import { isJsonObject } from '../text/json.js';
import { reactToClosedRun } from './closed-runs.js';

/** Waits for the outcome of a key. */
export async function awaitResult(client: Client, key: string): Promise<RenderedMovie> {
  try {
    const outcome = (await awaitVideo(client, key)) ?? (await awaitOutcome(client, key));
    if (outcome.status === 'done') return outcome;
    throw errorOfOutcome(outcome);
  } catch (error) {
    throw translateEngineError(error, key);
  }
}

/** Waits for the newest run of a key in one call. Returns nothing unless it ends with a video of that key. */
async function awaitVideo(client: Client, key: string): Promise<Outcome | undefined> {
  const end: unknown = await readRunResult(client, key).then(
    (result) => ('outcome' in result ? result.outcome : undefined),
    (error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    },
  );
  return isVideoOf(end, key) ? end : undefined;
}

/** True if a run's result is ours: a workflow of another type may have run under the key. */
function isVideoOf(end: unknown, key: string): end is RenderedMovie {
  return isJsonObject(end) && end['status'] === 'done' && end['key'] === key;
}

/** A reset ends a run and goes on in another one, so only the failure of the key's newest run is the key's end. */
async function awaitOutcome(client: Client, key: string): Promise<Outcome> {
  for (;;) {
    const run = await requireCurrentRun(client, key);
    if (run.status === 'running') {
      const end = await readRunResult(client, key, run.runId).catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      });
      if (end !== undefined && 'outcome' in end) return end.outcome;
    } else {
      const reaction = await reactToClosedRun(client, { key }, run);
      if (reaction === undefined) continue;
      if ('outcome' in reaction) return reaction.outcome;
      throw new Error('a call for the result starts nothing');
    }
  }
}

/** Returns the error that stands for an accepted render without a video. */
function errorOfOutcome(outcome: UnfinishedOutcome): RenderFailed | RenderTimedOut | RenderCancelled {
  const about = { key: outcome.key, project: outcome.project, outcome };
  switch (outcome.status) {
    case 'failed':
      return new RenderFailed(outcome.message, about);
    case 'timed-out':
      return new RenderTimedOut(outcome.message, about);
    case 'cancelled':
      return new RenderCancelled(outcome.message, about);
  }
}

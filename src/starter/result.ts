import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import {
  IdempotencyKeyReused,
  MovieRejected,
  RenderCancelled,
  RenderFailed,
  RenderTimedOut,
} from '../render/errors.js';
import type { Outcome, RenderedMovie, UnfinishedOutcome } from '../render/outcome.js';
import { FAILURES } from '../workflows/messages.js';
import {
  type CurrentRun,
  describeCurrentRun,
  readRunEnd,
  requireCurrentRun,
} from '../temporal/current-run.js';
import { abandoned } from './decide.js';
import { translateEngineError } from '../temporal/engine-errors.js';

/** Waits for a key's outcome. */
export async function awaitResult(client: Client, key: string): Promise<RenderedMovie> {
  try {
    const outcome = await awaitOutcome(client, key);
    if (outcome.status === 'done') return outcome;
    throw errorOfOutcome(outcome);
  } catch (error) {
    throw translateEngineError(error, key);
  }
}

/** A reset ends a run and goes on in another, so a run that is not the key's newest any more is not its end. */
async function awaitOutcome(client: Client, key: string): Promise<Outcome> {
  for (;;) {
    const run = await requireCurrentRun(client, key);
    const end = await readRunEnd(client, key, run.runId).catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    });
    if (end !== undefined && 'outcome' in end) return end.outcome;
    const newest = await describeCurrentRun(client, key);
    if (newest?.runId !== run.runId || end === undefined) continue;
    throw errorOfFailure(key, newest, end);
  }
}

type Failure = Exclude<Awaited<ReturnType<typeof readRunEnd>>, { outcome: unknown }>;

function errorOfFailure(key: string, run: CurrentRun, end: Failure): Error {
  if (run.status === 'canceled')
    return new RenderCancelled('the render was cancelled before it was accepted', { key });
  if (run.status !== 'failed') return abandoned(run, end, { key });
  switch (end.failure) {
    case FAILURES.rejected:
      return new MovieRejected(end.message, { key, httpStatus: end.httpStatus });
    case FAILURES.reused:
      return new IdempotencyKeyReused(end.message, [], { key });
    default:
      return abandoned(run, end, { key });
  }
}

/** The error that stands for an accepted render without a video. */
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

import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import {
  EngineUnavailable,
  KeyNotFound,
  KeyTaken,
  RenderCancelled,
  RenderFailed,
  RenderTimedOut,
} from '../render/errors.js';
import type { Outcome, RenderedMovie, UnfinishedOutcome } from '../render/outcome.js';
import { askEngine, pauseAfterLimit } from '../temporal/ask-engine.js';
import { type CurrentRun, describeCurrentRun, readRunResult } from '../temporal/current-run.js';
import { GRPC, grpcCode, isNotFound, translateEngineError } from '../temporal/engine-errors.js';
import { isJsonObject } from '../text/json.js';
import { reactToClosedRun } from './closed-runs.js';
import { deletedRun } from './until-answered.js';

/**
 * Waits for the outcome of a key. `isKnown` is true for a caller that has just submitted it: the run is a render, and need
 * not be looked at.
 */
export async function awaitResult(client: Client, key: string, isKnown = false): Promise<RenderedMovie> {
  try {
    const seen = { isKnown };
    const video = await waitingForTurn(() => awaitVideo(client, key, seen));
    const outcome = video ?? (await awaitOutcome(client, key, seen));
    if (outcome.status === 'done') return outcome;
    throw errorOfOutcome(outcome);
  } catch (error) {
    throw translateEngineError(error, key);
  }
}

/** What a wait has seen of its key. */
interface Seen {
  isKnown: boolean;
}

/** A wait that lasts longer looks at its run: a workflow of another type would be waited for to its end. */
const GLANCE_MS = 1_000;

/** Waits for the newest run of a key in one call. Returns nothing unless it ends with a video of that key. */
async function awaitVideo(client: Client, key: string, seen: Seen): Promise<Outcome | undefined> {
  const over = new AbortController();
  const reading = readRunResult(client, key).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  try {
    const end = await (seen.isKnown
      ? reading
      : Promise.race([reading, unlessTaken(client, key, seen, over.signal)]));
    const outcome: unknown = end !== undefined && 'outcome' in end ? end.outcome : undefined;
    return isVideoOf(outcome, key) ? outcome : undefined;
  } finally {
    over.abort();
  }
}

/** Looks once at the run. Never returns; throws KeyTaken. */
async function unlessTaken(client: Client, key: string, seen: Seen, over: AbortSignal): Promise<never> {
  await pause(GLANCE_MS, undefined, { signal: over }).catch(() => undefined);
  if (!over.aborted) {
    try {
      seen.isKnown = (await askEngine(client, key, () => describeCurrentRun(client, key))) !== undefined;
    } catch (error) {
      if (error instanceof KeyTaken) throw error;
    }
  }
  return new Promise(() => undefined);
}

/** True if a run's result is ours: a workflow of another type may have run under the key. */
function isVideoOf(end: unknown, key: string): end is RenderedMovie {
  return isJsonObject(end) && end['status'] === 'done' && end['key'] === key;
}

/** A reset ends a run and goes on in another one, so only the failure of the key's newest run is the key's end. */
async function awaitOutcome(client: Client, key: string, seen: Seen): Promise<Outcome> {
  for (;;) {
    const run = await waitingForTurn(() => askEngine(client, key, () => describeCurrentRun(client, key)));
    if (run === undefined) {
      if (seen.isKnown) throw deletedRun(key);
      throw new KeyNotFound(`the engine knows no render under key ${key}`, { key });
    }
    seen.isKnown = true;
    const end = await waitingForTurn(() => endOf(client, key, run)).catch(unlessDeleted);
    if (end !== undefined) return end;
  }
}

/** Waits for the end of a run. Returns nothing if the key must be described again. */
async function endOf(client: Client, key: string, run: CurrentRun): Promise<Outcome | undefined> {
  if (run.status === 'running') {
    const end = await readRunResult(client, key, run.runId);
    return 'outcome' in end ? end.outcome : undefined;
  }
  const reaction = await reactToClosedRun(client, { key }, run);
  if (reaction === undefined) return undefined;
  if ('outcome' in reaction) return reaction.outcome;
  throw new Error('a call for the result starts nothing');
}

function unlessDeleted(error: unknown): undefined {
  if (!isNotFound(error) && !(error instanceof KeyNotFound)) throw error;
}

/** Repeats a question while the engine limits the rate of calls: a wait for a video has no deadline of its own. */
async function waitingForTurn<T>(question: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await question();
    } catch (error) {
      if (!isLimit(error)) throw error;
      await pauseAfterLimit(Number.POSITIVE_INFINITY);
    }
  }
}

/** Returns true if the engine did not take the call because it limits the rate of calls. */
function isLimit(error: unknown): boolean {
  if (error instanceof EngineUnavailable) return error.isLimited;
  return grpcCode(error) === GRPC.resourceExhausted;
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

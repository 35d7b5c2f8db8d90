import type { Client } from '@temporalio/client';
import { IdempotencyKeyReused } from '../render/errors.js';
import type { RenderedMovie } from '../render/outcome.js';
import { isSameMovie, keyReused } from '../starter/compare.js';
import { awaitResult } from '../starter/result.js';
import { deletedRun } from '../starter/until-answered.js';
import { abortable, askEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, describeCurrentRun } from '../temporal/current-run.js';
import { readStartedRun } from '../temporal/started-run.js';
import { stillWaiting } from '../temporal/still-waiting.js';
import { readNoWorker } from '../temporal/task-queue.js';
import type { RenderTicket } from './contract.js';
import { pauseMs } from './pauses.js';

/** Longest wait in one attempt: a short render is answered at once, and the slot is free again soon. */
const POLL_MS = 10_000;

/** Time in which the engine must tell the end of a closed run. */
const END_MS = 10_000;

/** Pause before a key is looked at again that has another run by now. */
const AGAIN_MS = 1_000;

interface LookTerms {
  /** True to wait for the end of an open run for some seconds. */
  readonly mayPoll: boolean;
  /** Time since the first attempt. */
  readonly waitedMs: number;
}

/**
 * Looks once at the render of a ticket. Returns the video, throws the error that stands for another end, or fails with
 * `stillWaiting`.
 */
export async function lookAtRender(
  client: Client,
  ticket: RenderTicket,
  { mayPoll, waitedMs }: LookTerms,
): Promise<RenderedMovie> {
  const { key } = ticket;
  const describe = (): Promise<CurrentRun | undefined> =>
    askEngine(client, key, () => describeCurrentRun(client, key));
  const run = await describe();
  if (run === undefined) throw deletedRun(key);
  await requireSameMovie(client, ticket, run);
  const isOpen = run.status === 'running';
  const pending = stillWaiting(await wordsOf(client, key, run), pauseMs(run.state, waitedMs));
  if (isOpen && !mayPoll) throw pending;
  const [end] = await Promise.allSettled([
    abortable(
      client,
      { deadlineMs: isOpen ? POLL_MS : END_MS },
      () => awaitResult(client, key, true),
      () => pending,
    ),
  ]);
  if (end.status === 'rejected' && end.reason === pending) throw pending;
  // The end may be that of a newer run, of a movie that was not compared.
  const newest = await describe();
  if (newest?.runId !== run.runId) throw stillWaiting('the key has another run', AGAIN_MS);
  if (end.status === 'rejected') throw end.reason;
  return end.value;
}

/** Describes the state of a render for the Temporal UI, which shows an activity's last failure. */
async function wordsOf(client: Client, key: string, run: CurrentRun): Promise<string> {
  const { state, checking, taskQueue, status } = run;
  const said = `the render is ${state}`;
  if (status !== 'running') return said;
  if (state === 'held') return `${said}: a person must decide, see renderonce status ${key}`;
  if (checking !== undefined) return `${said}: ${checking}`;
  const noWorker = await askEngine(client, key, () => readNoWorker(client, taskQueue, { key })).catch(
    () => undefined,
  );
  return noWorker === undefined ? said : `${said}: ${noWorker.message}`;
}

/**
 * Throws IdempotencyKeyReused if the key's newest run is of another movie than the ticket: a key whose movie was rejected
 * is free for another one.
 */
async function requireSameMovie(client: Client, ticket: RenderTicket, run: CurrentRun): Promise<void> {
  const { key, runId, fingerprint } = ticket;
  const isOfTicket = (run.firstRunId ?? run.runId) === runId;
  if (isOfTicket || run.fingerprint === undefined || run.fingerprint === fingerprint) return;
  const started = await askEngine(client, key, () =>
    readStartedRun(client, { workflowId: key, runId }),
  ).catch(() => undefined);
  if (started?.movie === undefined) {
    throw new IdempotencyKeyReused('the key belongs to another movie by now', [], { key });
  }
  const call = { key, movie: started.movie };
  if (!isSameMovie(call, run)) throw await keyReused(client, call, run.project);
}

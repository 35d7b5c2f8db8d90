import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { SubmissionPending } from '../render/errors.js';
import type { RenderedMovie } from '../render/outcome.js';
import type { RenderState } from '../render/state.js';
import { askEngine } from '../temporal/ask-engine.js';
import { describeCurrentRun } from '../temporal/current-run.js';
import { LONGEST_TIMER_MS } from '../text/time.js';
import type { PreparedCall } from './prepare.js';
import { awaitResult } from './result.js';
import { Sightings } from './sightings.js';
import { joinRender } from './start.js';
import { submitRender } from './submit.js';
import type { Calling } from './until-answered.js';
import { whyPending } from './why-pending.js';

/**
 * Starts the render or joins it, and waits for its video. It asks the run for no answer to the submission, which costs a
 * render two events: the end says what became of it. After each deadline it looks whether the submission goes on.
 */
export async function renderVideo(
  client: Client,
  taskQueue: string,
  call: PreparedCall,
): Promise<RenderedMovie> {
  const sightings = new Sightings();
  const { fingerprint, replayed } = await joinRender(client, taskQueue, call, sightings);
  // Another client may have started the run, and left its movie out of what the engine shows. A rejection of another movie
  // is not this call's.
  const mayBeOther = fingerprint === undefined || (replayed && fingerprint !== call.fingerprint);
  if (mayBeOther) await submitRender(client, taskQueue, { ...call, untilSettled: true }, sightings);
  const over = new AbortController();
  const signals = call.signal === undefined ? over.signal : AbortSignal.any([call.signal, over.signal]);
  // Temporal's client adds a listener for each of its calls.
  setMaxListeners(0, signals);
  const [result, stuck] = await client.withAbortSignal(signals, async () => [
    awaitResult(client, call.key, true),
    unlessStuck({ client, call, deadlineAtMs: Infinity, sightings }, over.signal),
  ]);
  try {
    return await Promise.race([result, stuck.then(() => result)]);
  } finally {
    over.abort();
    // A question under way would be repeated, also on a connection that is closed by then.
    await stuck.catch(() => undefined);
  }
}

/** A shorter deadline would have the engine asked all the time. */
const SHORTEST_PAUSE_MS = 500;

/**
 * Looks at the run after each deadline until the movie is accepted, or the wait is over.
 *
 * @throws why it will not be accepted
 */
async function unlessStuck(calling: Calling, over: AbortSignal): Promise<void> {
  const pauseMs = Math.min(LONGEST_TIMER_MS, Math.max(SHORTEST_PAUSE_MS, calling.call.deadlineMs));
  for (;;) {
    await pause(pauseMs, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted || !(await isBeforeAcceptance(calling)) || over.aborted) return;
    const error = await whyPending(calling);
    if (!(error instanceof SubmissionPending) || error.state === 'held') throw error;
  }
}

const BEFORE_ACCEPTANCE: readonly RenderState[] = ['submitting', 'waiting', 'unknown', 'held'];

/** True also if the engine does not say: then that is the reason. */
async function isBeforeAcceptance({ client, call: { key } }: Calling): Promise<boolean> {
  const run = await askEngine(client, key, () => describeCurrentRun(client, key)).catch(() => undefined);
  return run === undefined || (run.status === 'running' && BEFORE_ACCEPTANCE.includes(run.state));
}

import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@temporalio/client';
import { WATCH_INTERVAL_MS } from '../render/limits.js';
import { abortable } from '../temporal/abortable.js';
import { askEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, requireCurrentRun } from '../temporal/current-run.js';
import { readStatus, type RenderStatus } from './status.js';

/**
 * A render's status now, and again whenever it has changed, to the end of the render. The engine's description of the
 * run is asked for at an interval; the history, which holds the movie, is read only where that has changed.
 */
export async function* watchRender(
  client: Client,
  key: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<RenderStatus, void, undefined> {
  let seen: Omit<CurrentRun, 'pending'> | undefined;
  let told: RenderStatus | undefined;
  for (;;) {
    // What is pending tells of every attempt and heartbeat; what a person is told of them stands in `checking`.
    const { pending: _pending, ...run } = await abortable(client, signal, () =>
      askEngine(client, key, () => requireCurrentRun(client, key)),
    );
    if (!isDeepStrictEqual(run, seen)) {
      const status = await abortable(client, signal, () => readStatus(client, key));
      if (!isDeepStrictEqual(status, told)) yield status;
      if (status.closedAt !== undefined) return;
      [seen, told] = [run, status];
    }
    await abortable(client, signal, (own) => pause(WATCH_INTERVAL_MS, undefined, { signal: own }));
  }
}

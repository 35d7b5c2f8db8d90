import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { RenderRequest } from '../render/request.js';
import { isJsonObject, type JsonObject, membersOf } from '../text/json.js';
import { decodeForeign } from './decode.js';

/** The content of a run's first event. */
interface StartedRun {
  /** Absent if another client started the run without one: such a run sends nothing. */
  readonly movie?: JsonObject;
  readonly fingerprint?: string;
  /** Token of the call that started the run. */
  readonly caller: unknown;
  /** The options as the starter gave them, unchecked. */
  readonly options: unknown;
  /** ID of the chain's first run: this run's own unless it came from a reset. */
  readonly firstRunId: string;
  /** Start of the chain's first run, on the engine's clock: a reset copies the first event. */
  readonly startedAtMs: number;
}

/**
 * Reads a run's input from its first event, under the deadline of the client. The movie is in history once: passing it as an argument of each attempt
 * would put it there once per attempt, and a movie of 1.4 MB would end a run that way after 34 refusals.
 */
export async function readStartedRun(
  client: Client,
  execution: { readonly workflowId: string; readonly runId?: string },
): Promise<StartedRun> {
  const { namespace } = client.options;
  const page = await client.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution,
    maximumPageSize: 1,
  });
  const first = page.history?.events?.[0];
  const started = first?.workflowExecutionStartedEventAttributes;
  const request = await decodeForeign(client, started?.input?.payloads);
  const { movie, fingerprint, caller, options } = membersOf<RenderRequest>(request);
  return {
    ...(isJsonObject(movie) ? { movie } : {}),
    ...(typeof fingerprint === 'string' ? { fingerprint } : {}),
    caller,
    options,
    firstRunId: started?.firstExecutionRunId ?? '',
    startedAtMs: tsToMs(first?.eventTime),
  };
}

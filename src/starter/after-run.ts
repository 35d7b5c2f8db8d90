import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { afterId } from '../render/event.js';
import { otherAfterId } from '../temporal/after-ids.js';
import type { CurrentRun } from '../temporal/current-run.js';
import { isNotFound } from '../temporal/engine-errors.js';
import { readHistory, type Recorded } from './history.js';

/** The workflow that follows a run, with its history. */
export interface AfterRun {
  readonly id: string;
  readonly recorded: readonly Recorded[];
}

/** Reads the workflow that follows a closed run, or another workflow about it; undefined if there is none. */
export async function readAfter(
  client: Client,
  key: string,
  run: CurrentRun,
  ids = idsOf(key, run),
): Promise<AfterRun | undefined> {
  for (const id of ids) {
    try {
      return { id, recorded: await readHistory(client, id) };
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return undefined;
}

/** It has one of two IDs: another one if the run came from a reset and ended otherwise. */
function idsOf(key: string, { runId, firstRunId = runId, state }: CurrentRun): readonly string[] {
  const id = afterId(key, firstRunId);
  return runId === firstRunId ? [id] : [otherAfterId(key, firstRunId, state), id];
}

/**
 * True if the workflow can no longer do what its history lacks. One that has closed by itself has done it, since the history
 * was read.
 */
export function wasEndedFromOutside({ status }: Pick<WorkflowExecutionDescription, 'status'>): boolean {
  return ['TERMINATED', 'TIMED_OUT', 'CANCELLED'].includes(status.name);
}

import type { Client } from '@temporalio/client';
import { median } from './statistics.js';

/** What the engine keeps of one run, and what it did for it. */
export interface RunCost {
  readonly events: number;
  readonly historyBytes: number;
  readonly stateTransitions: number;
}

async function runCost(client: Client, key: string): Promise<RunCost> {
  const { raw } = await client.workflow.getHandle(key).describe();
  const { historyLength, historySizeBytes, stateTransitionCount } = raw.workflowExecutionInfo ?? {};
  return {
    events: Number(historyLength ?? 0),
    historyBytes: Number(historySizeBytes ?? 0),
    stateTransitions: Number(stateTransitionCount ?? 0),
  };
}

/** The middle one of several runs' costs, each value by itself. */
export async function medianCost(client: Client, keys: readonly string[]): Promise<RunCost> {
  const costs: RunCost[] = [];
  for (const key of keys) costs.push(await runCost(client, key));
  return {
    events: median(costs.map(({ events }) => events)),
    historyBytes: median(costs.map(({ historyBytes }) => historyBytes)),
    stateTransitions: median(costs.map(({ stateTransitions }) => stateTransitions)),
  };
}

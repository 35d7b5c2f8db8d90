import { Worker } from '@temporalio/worker';
import { createWorkerMetrics } from '../../src/worker/metrics.js';
import { quietRuntime } from '../support/quiet-runtime.js';
import type { Golden } from './histories.js';

/** Replays recorded runs with a workflow; returns why it went another way, for those where it did. */
export async function replay(code: string, golden: readonly Golden[]): Promise<ReadonlyMap<string, string>> {
  quietRuntime();
  const failed = new Map<string, string>();
  const histories = golden.map(({ name: workflowId, history }) => ({ workflowId, history }));
  const { sinks } = createWorkerMetrics();
  let index = 0;
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: { code }, sinks }, histories)) {
    const { version, name } = golden[index]!;
    if (error !== undefined) failed.set(`${version}/${name}`, error.message);
    index += 1;
  }
  return failed;
}

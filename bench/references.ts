import { fileURLToPath } from 'node:url';
import type { BenchEngine } from './engine.js';
import type { FakeClient } from './fake-client.js';
import { CARD } from './movies.js';
import { startNode } from './processes.js';

/** A workflow on a plain worker of the SDK, with which ours is compared. */
export interface Reference {
  readonly pid: number;
  /** Runs the workflow to its end. */
  execute(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the floor: a workflow with one activity that does nothing. */
export function openFloor(engine: BenchEngine): Promise<Reference> {
  return openReference(engine, 'floor', []);
}

/** Starts the ceiling: a render by hand for the happy path alone, with its own worker and receiver, at this provider. */
export function openCeiling(engine: BenchEngine, { url, apiKey }: FakeClient): Promise<Reference> {
  return openReference(engine, 'ceiling', [url, apiKey], [CARD]);
}

let references = 0;

async function openReference(
  { address, client }: BenchEngine,
  name: 'floor' | 'ceiling',
  more: readonly string[],
  args: readonly unknown[] = [],
): Promise<Reference> {
  references += 1;
  const taskQueue = `${name}-${Date.now() % 1_000}${references}`;
  const script = fileURLToPath(new URL(`${name}/worker.mjs`, import.meta.url));
  const worker = await startNode([script, address, client.options.namespace, taskQueue, ...more], {});
  return {
    pid: worker.pid,
    execute: async (workflowId) => {
      await client.workflow.execute(name, { workflowId, taskQueue, args: [...args] });
    },
    close: () => worker.stop(),
  };
}

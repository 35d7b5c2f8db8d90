import { fileURLToPath } from 'node:url';
import type { BenchEngine } from './engine.js';
import type { FakeClient } from './fake-client.js';
import { CARD } from './movies.js';
import { startNode } from './processes.js';

/** A workflow on a plain worker of the SDK, with which ours is compared. */
export interface Reference {
  /** Of its first worker. */
  readonly pid: number;
  /** Runs the workflow to its end, with more arguments if it takes any. */
  execute(id: string, ...more: readonly unknown[]): Promise<void>;
  close(): Promise<void>;
}

/** A reference with a receiver for the provider's webhooks. */
export interface Ceiling extends Reference {
  /** The receiver's process ID. */
  readonly receiver: number;
}

/** Starts the floor: a workflow with one activity that does nothing. */
export function openFloor(engine: BenchEngine, workers = 1): Promise<Reference> {
  return openReference(engine, { name: 'floor', workers });
}

/** The work of a promise that a ceiling may have beside the happy path. */
export type Guard = 'fence' | 'state' | 'check';

/**
 * Starts the ceiling: a render by hand for the happy path alone, with its own worker and receiver, at this provider. With
 * `isGuarded` its `execute` takes an object of guards.
 */
export async function openCeiling(
  engine: BenchEngine,
  { url, apiKey }: FakeClient,
  { isGuarded = false } = {},
): Promise<Ceiling> {
  const { address, client } = engine;
  const receiver = await startNode([scriptOf('ceiling/receiver.mjs'), address, client.options.namespace], {});
  const settings = [url, apiKey, receiver.url, ...(isGuarded ? ['checks'] : [])];
  const ceiling = await openReference(engine, { name: 'ceiling', workers: 1, settings, input: [CARD] });
  return {
    ...ceiling,
    receiver: receiver.pid,
    close: async () => {
      await ceiling.close();
      await receiver.stop();
    },
  };
}

interface ReferenceTask {
  readonly name: 'floor' | 'ceiling';
  readonly workers: number;
  /** What its worker's command line has beside the engine. */
  readonly settings?: readonly string[];
  /** What each of its workflows gets. */
  readonly input?: readonly unknown[];
}

let references = 0;

async function openReference(
  { address, client }: BenchEngine,
  { name, workers, settings = [], input = [] }: ReferenceTask,
): Promise<Reference> {
  references += 1;
  const taskQueue = `${name}-${Date.now() % 1_000}${references}`;
  const args = [scriptOf(`${name}/worker.mjs`), address, client.options.namespace, taskQueue, ...settings];
  const started = await Promise.all(Array.from({ length: workers }, () => startNode(args, {})));
  return {
    pid: started[0]?.pid ?? 0,
    execute: async (workflowId, ...more) => {
      await client.workflow.execute(name, { workflowId, taskQueue, args: [...input, ...more] });
    },
    close: async () => {
      for (const worker of started) await worker.stop();
    },
  };
}

const scriptOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

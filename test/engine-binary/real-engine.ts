import { Client, Connection } from '@temporalio/client';

import { type EngineOptions, findEngine, type RunningEngine, startEngine } from '../../src/engine/index.js';
import { isAlive } from '../../src/engine/process-liveness.js';

const started: RunningEngine[] = [];

/** Starts the real engine with what the product needs; `stopAll` ends it. */
export async function start(more: Partial<EngineOptions> = {}): Promise<RunningEngine> {
  const engine = await startEngine({
    binary: await realBinary(),
    retentionDays: 30,
    searchAttributes: { RenderState: 'Keyword' },
    // Nothing is lost by it (tested below), and a drain of the engine's services takes seconds.
    stopGraceMs: 0,
    env: process.env,
    ...more,
  });
  started.push(engine);
  return engine;
}

export async function realBinary(): Promise<string> {
  return (await findEngine({ env: process.env })).path;
}

/** Ends all engines that `start` started, and fails if one of them is left. */
export async function stopAll(): Promise<void> {
  const engines = started.splice(0);
  await Promise.all(engines.map((engine) => engine.stop()));
  const left = engines.map((engine) => engine.pid).filter(isAlive);
  if (left.length > 0) throw new Error(`engine processes are left: ${left.join(', ')}`);
}

export async function withClient<Answer>(
  engine: Pick<RunningEngine, 'address' | 'namespace'>,
  use: (client: Client) => Promise<Answer>,
): Promise<Answer> {
  const connection = await Connection.connect({ address: engine.address });
  try {
    return await use(new Client({ connection, namespace: engine.namespace }));
  } finally {
    await connection.close();
  }
}

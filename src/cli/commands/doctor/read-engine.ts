import type { Client } from '@temporalio/client';
import type { Config } from '../../../config.js';
import { ENGINE_CALL_MS } from '../../../render/limits.js';
import { hasWorker } from '../../../temporal/task-queue.js';
import { readEngineSetup } from '../../../temporal/namespace.js';
import type { EngineFacts } from './engine-checks.js';

/** Asks an engine for what renders need of it. */
export async function readEngine(
  client: Client,
  address: string,
  { taskQueue }: Config,
): Promise<EngineFacts> {
  const setup = await readEngineSetup(client);
  return client.withDeadline(Date.now() + ENGINE_CALL_MS, async () => {
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    return {
      address,
      serverVersion,
      setup,
      // A namespace that is not there has no task queues.
      hasWorker: setup.retentionDays !== undefined && (await hasWorker(client, taskQueue)),
    };
  });
}

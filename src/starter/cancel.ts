import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { askEngine } from '../temporal/ask-engine.js';
import { requireCurrentRun } from '../temporal/current-run.js';

/** Asks the key's newest run to end; nothing where it is closed already. */
export async function cancelRender(client: Client, key: string): Promise<void> {
  await askEngine(client, key, async () => {
    try {
      await client.workflow.getHandle(key).cancel();
    } catch (error) {
      // The engine answers "not found" for a closed run too.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await requireCurrentRun(client, key);
    }
  });
}

import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { askEngine } from '../temporal/ask-engine.js';
import { requireCurrentRun } from '../temporal/current-run.js';

/** Asks the key's newest run to end. It is described first: a workflow of another type must not be cancelled. */
export async function cancelRender(client: Client, key: string, untilMs?: number): Promise<void> {
  const cancel = async (): Promise<void> => {
    await requireCurrentRun(client, key);
    try {
      await client.workflow.getHandle(key).cancel();
    } catch (error) {
      // The engine answers "not found" for a closed run, too.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  };
  await askEngine(client, key, cancel, untilMs);
}

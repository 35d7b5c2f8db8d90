import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { KeyNotFound } from '../render/errors.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { describeCurrentRun } from './current-run.js';
import { translateEngineError } from './engine-errors.js';

/** Asks the key's newest run to end; nothing where it is closed already. */
export async function cancelRender(client: Client, key: string): Promise<void> {
  try {
    await client.withDeadline(Date.now() + ENGINE_CALL_MS, async () => {
      try {
        await client.workflow.getHandle(key).cancel();
      } catch (error) {
        // The engine answers "not found" for a closed run too.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        if ((await describeCurrentRun(client, key)) === undefined) {
          throw new KeyNotFound(`the engine knows no render under key ${key}`, { key });
        }
      }
    });
  } catch (error) {
    throw translateEngineError(error, key);
  }
}

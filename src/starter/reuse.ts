import type { Client } from '@temporalio/client';
import { IdempotencyKeyReused } from '../render/errors.js';
import { differingPaths } from '../text/json.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { readStartedRun } from '../temporal/started-run.js';
import type { PreparedCall } from './prepare.js';

/** The error for a key that belongs to another movie, with the paths where the two differ. */
export async function keyReused(
  client: Client,
  call: PreparedCall,
  project?: string,
): Promise<IdempotencyKeyReused> {
  const paths = await readStartedRun(client, { workflowId: call.key }, ENGINE_CALL_MS).then(
    (run) => differingPaths(run.movie, call.movie),
    () => [],
  );
  const where = paths.length === 0 ? '' : `; they differ at ${paths.join(', ')}`;
  return new IdempotencyKeyReused(`the key belongs to another movie${where}`, paths, {
    key: call.key,
    ...(project === undefined ? {} : { project }),
  });
}

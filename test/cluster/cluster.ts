import { inject } from 'vitest';
import { type PostgresEngine, startPostgresEngine } from '../support/cluster/postgres-engine.js';
import { runCommand } from '../support/processes.js';
import { openStage, type Stage, type StageOptions } from '../support/stage.js';
import { taken } from '../support/taken.js';

/** True if there can be a cluster here. */
export const hasCluster = inject('clusterObstacle') === '';

/** Starts a Temporal server on a Postgres, both of this test file alone. */
export async function startCluster(): Promise<PostgresEngine> {
  const cluster = await startPostgresEngine();
  return { ...cluster, stop: taken('a cluster', () => cluster.stop()) };
}

/** Opens a stage on a namespace of the cluster, which `renderonce setup` makes. Its engine restarts with its database. */
export async function openClusterStage(
  { address, postgres }: PostgresEngine,
  namespace: string,
  options: Omit<StageOptions, 'engine'> = {},
): Promise<Stage> {
  const { code, stderr } = await runCommand(['setup'], {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
  });
  if (code !== 0) throw new Error(`setup ended with ${code}: ${stderr}`);
  const engine = {
    address,
    namespace,
    uiUrl: '',
    signal: (signal: 'SIGSTOP' | 'SIGCONT') => void process.kill(postgres.pid, signal),
    restart: (away?: number | (() => Promise<void>)) => postgres.restart(away),
    stop: async () => undefined,
  };
  return openStage({ ...options, engine });
}

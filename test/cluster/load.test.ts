import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PostgresEngine } from '../support/cluster/postgres-engine.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { playCampaign } from './campaign.js';
import { hasCluster, startCluster } from './cluster.js';

expectNoProcessLeft();

describe.runIf(hasCluster)('three workers and two servers on a cluster', () => {
  let cluster: PostgresEngine;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  test('a worker, the database and a Temporal server are killed under load: nothing is paid twice, nothing is lost, every caller is answered', async () => {
    const { violations, accepted, repliesLost } = await playCampaign({
      cluster,
      name: 'load',
      renders: 100,
      perSecond: 3,
      killEveryMs: 10_000,
      workers: { name: 'workers' },
      happenings: [
        { at: 0.3, what: 'the database was killed', happen: ({ stage }) => stage.engine.restart(2_000) },
        { at: 0.7, what: 'a Temporal server was killed', happen: async () => cluster.servers[0]?.restart() },
      ],
    });
    expect(violations).toEqual([]);
    expect(accepted).toBe(100);
    expect(repliesLost).toBeGreaterThan(0);
  });
});

import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PostgresEngine } from '../support/cluster/postgres-engine.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { until } from '../support/until.js';
import { type Ground, playCampaign } from './campaign.js';
import { hasCluster, startCluster } from './cluster.js';

expectNoProcessLeft();

describe.runIf(hasCluster)('three workers and two HTTP servers on two Temporal servers', () => {
  let cluster: PostgresEngine;
  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.addServer();
  });
  afterAll(() => cluster.stop());

  /** Kills a Temporal server, and starts it again when a render has begun and ended without it. */
  async function killTemporal({ stage }: Ground, killed: number, other: number): Promise<void> {
    const address = cluster.servers[other]?.address ?? '';
    const connection = await Connection.connect({ address });
    const { workflow } = new Client({ connection, namespace: stage.engine.namespace });
    const begun = new Date().toISOString();
    const ended = `WorkflowType = "renderMovie" AND StartTime > "${begun}" AND ExecutionStatus = "Completed"`;
    await cluster.servers[killed]?.restart(async () => {
      await until(
        `a render ends through ${address}`,
        async () => (await workflow.count(ended).catch(() => ({ count: 0 }))).count > 0,
        120_000,
        500,
      );
    });
    await connection.close();
  }

  test('workers, the database and one Temporal server after the other are killed under load: nothing is paid twice, nothing is lost, every caller is answered', async () => {
    const { violations, accepted, repliesLost } = await playCampaign({
      cluster,
      name: 'load',
      renders: 120,
      perSecond: 3,
      killEveryMs: 10_000,
      workers: { name: 'workers' },
      happenings: [
        { at: 0.3, what: 'the database was killed', happen: ({ stage }) => stage.engine.restart(2_000) },
        {
          at: 0.5,
          what: 'the first Temporal server was killed',
          happen: (ground) => killTemporal(ground, 0, 1),
        },
        {
          at: 0.75,
          what: 'the second Temporal server was killed',
          happen: (ground) => killTemporal(ground, 1, 0),
        },
      ],
    });
    expect(violations).toEqual([]);
    expect(accepted).toBe(120);
    expect(repliesLost).toBeGreaterThan(0);
  });
});

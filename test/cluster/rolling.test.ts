import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUGS_OF_SUBMITTING } from '../fault/controls/bugs-of-submitting.js';
import type { PostgresEngine } from '../support/cluster/postgres-engine.js';
import { type PlantedDist, plantDist } from '../support/planted-dist.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { OTHER_WORDS, plantBuild } from '../support/versions.js';
import { type Campaign, killWhileSending, playCampaign } from './campaign.js';
import { hasCluster, startCluster } from './cluster.js';
import { ramp, setCurrent, versionEnv } from './deployment.js';

expectNoProcessLeft();

/** The promise is for 2,000 renders; fewer by default. */
const RENDERS = Number(process.env['CLUSTER_RENDERS'] ?? 200);
const PER_SECOND = Number(process.env['CLUSTER_RENDERS_PER_SECOND'] ?? 4);
const PATIENCE_MS = 900_000 + (RENDERS / PER_SECOND) * 3_000;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const [FORGOTTEN_FENCE] = BUGS_OF_SUBMITTING;

describe.runIf(hasCluster)('versioned workers', () => {
  let cluster: PostgresEngine;
  let next: PlantedDist;
  let faulty: PlantedDist;
  beforeAll(async () => {
    [next, faulty, cluster] = await Promise.all([
      plantBuild([OTHER_WORDS]),
      plantDist(FORGOTTEN_FENCE?.plants ?? []),
      startCluster(),
    ]);
  });
  afterAll(async () => {
    await cluster.stop();
    await Promise.all([next.remove(), faulty.remove()]);
  });

  /** Returns a campaign whose workers roll to the next version and back, while the database is killed once. */
  function rollToAndFro(deploymentName: string): Omit<Campaign, 'cluster' | 'renders' | 'perSecond'> {
    const [one, two] = ['1', '2'].map((buildId) => ({ deploymentName, buildId }));
    if (one === undefined || two === undefined) throw new Error('there are two versions');
    const first = { name: 'version 1', env: versionEnv(one) };
    const second = { name: 'version 2', env: versionEnv(two), dist: next.dist };
    return {
      name: deploymentName,
      killEveryMs: 20_000,
      workers: first,
      prepare: ({ stage }) => setCurrent(stage.client, one),
      happenings: [
        {
          at: 0.05,
          what: 'version 2 has 25 % of the tasks',
          happen: async ({ stage, fleet }) => {
            await fleet.add(second, 3);
            await ramp(stage.client, two, 25);
          },
        },
        {
          at: 0.3,
          what: 'version 2 is current, and version 1 has gone',
          happen: async ({ stage, fleet }) => {
            await setCurrent(stage.client, two);
            await fleet.retire(first);
          },
        },
        { at: 0.5, what: 'the database was killed', happen: ({ stage }) => stage.engine.restart(3_000) },
        {
          at: 0.6,
          what: 'version 1 has half of the tasks',
          happen: async ({ stage, fleet }) => {
            await fleet.add(first, 3);
            await ramp(stage.client, one, 50);
          },
        },
        {
          at: 0.75,
          what: 'version 1 is current again, and version 2 has gone',
          happen: async ({ stage, fleet }) => {
            await setCurrent(stage.client, one);
            await fleet.retire(second);
          },
        },
      ],
    };
  }

  test(
    `${RENDERS} renders while workers roll to the next version and back, workers are killed and the database is killed: nothing is paid twice, nothing is lost, every caller is answered`,
    async () => {
      const roll = { ...rollToAndFro('rolling'), cluster, renders: RENDERS, perSecond: PER_SECOND, say };
      const { violations, accepted, repliesLost } = await playCampaign(roll);
      expect(violations).toEqual([]);
      expect(accepted).toBe(RENDERS);
      // With few kills chance may spare each submission; `load.test.ts` has more of them on their way.
      expect(repliesLost).toBeGreaterThanOrEqual(RENDERS < 1_000 ? 0 : 1);
    },
    PATIENCE_MS,
  );

  test(
    'control: workers that do not tell the engine before they send are found to pay twice',
    async () => {
      const version = { deploymentName: 'faulty', buildId: 'forgotten-fence' };
      const { violations } = await playCampaign({
        cluster,
        name: 'faulty',
        renders: 40,
        perSecond: 5,
        killEveryMs: 60_000,
        workerCount: 1,
        workers: { name: 'forgotten fence', dist: faulty.dist, env: versionEnv(version) },
        prepare: ({ stage }) => setCurrent(stage.client, version),
        happenings: [0.4, 0.8].map((at) => ({
          at,
          what: `a worker was killed at ${at * 100} %`,
          happen: killWhileSending,
        })),
        say,
      });
      expect(violations).toContainEqual(expect.stringMatching(/^safety: .* paid 2 times/));
    },
    PATIENCE_MS,
  );
});

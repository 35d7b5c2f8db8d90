import { afterAll, beforeAll, expect, test } from 'vitest';
import { callCommand } from '../support/call-command.js';
import { type PlantedDist } from '../support/planted-dist.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { plantBuild, Versions } from '../support/versions.js';

expectNoProcessLeft();

/** The bug that the tests of versions must catch: renders stay with the version that they began under. */
const PINNED = {
  file: 'worker/version.js',
  from: "defaultVersioningBehavior: 'AUTO_UPGRADE'",
  to: "defaultVersioningBehavior: 'PINNED'",
};

let stage: Stage;
let versions: Versions;
let pinned: PlantedDist;

beforeAll(async () => {
  [stage, pinned] = await Promise.all([
    openStage({ engine: 'memory', provider: { renderSeconds: 600 } }),
    plantBuild([PINNED]),
  ]);
  versions = new Versions(stage, 'renders');
}, 120_000);

afterAll(async () => {
  await versions.close();
  await Promise.all([stage.close(), pinned.remove()]);
});

async function oldVersion(): Promise<string | undefined> {
  const { stdout } = await callCommand(['doctor', '--json'], stage.env);
  const { checks } = JSON.parse(stdout) as { checks: { name: string; level: string }[] };
  return checks.find(({ name }) => name === 'old version')?.level;
}

test('a pinned render waits for the workers of its version, doctor says so, and it goes on once it is unpinned', async () => {
  const v1 = await versions.start('v1', pinned);
  await versions.setCurrent('v1');
  const key = freshKey('pinned');
  await stage.renders.submitOnce(key, CARD);
  await versions.start('v2');
  await versions.setCurrent('v2');
  await until('the index shows the run', async () => (await oldVersion()) !== undefined);
  expect(await oldVersion()).toBe('warning');
  v1.kill('SIGKILL');
  await v1.exit;
  // The engine lists a poller for a minute after it has gone.
  await until('doctor misses the workers', async () => (await oldVersion()) === 'wrong', 120_000, 1_000);
  expect(await stage.renders.status(key)).toMatchObject({ state: 'rendering' });

  await versions.run(
    `temporal workflow update-options --workflow-id ${key} --versioning-override-behavior auto_upgrade`,
  );
  await stage.fake.advance(600);
  expect(await stage.renders.result(key)).toMatchObject({ status: 'done' });
  expect(await versions.buildIdOf(key)).toBe('v2');
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
}, 240_000);

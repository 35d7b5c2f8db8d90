import { afterAll, beforeAll, expect, test } from 'vitest';
import { callCommand } from '../support/call-command.js';
import { type PlantedDist } from '../support/planted-dist.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
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
let v2: Running;

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
  v2 = await versions.start('v2');
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

test('a render that waits for credits under one version is sent by the next, once, when there are some', async () => {
  const key = freshKey('no-credits');
  const effect = { kind: 'account' as const, problem: 'no-credits' as const };
  const fault = await stage.fake.fault({ match: { call: 'create', key }, effect });
  await stage.renders.start(key, CARD);
  await until('it waits', async () => (await stage.renders.status(key)).state === 'waiting');
  expect(await versions.buildIdOf(key)).toBe('v2');
  await versions.start('v3');
  await versions.setCurrent('v3');
  v2.kill('SIGKILL');
  await v2.exit;
  await stage.fake.removeFault(fault);
  await until('it is accepted', async () => (await stage.fake.movies(key)).length > 0, 90_000);
  await stage.fake.advance(600);
  expect(await stage.renders.result(key)).toMatchObject({ status: 'done' });
  expect(await versions.buildIdOf(key)).toBe('v3');
  expect(await stage.fake.movies(key)).toHaveLength(1);
}, 180_000);

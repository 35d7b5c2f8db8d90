import { afterAll, beforeAll, expect, test } from 'vitest';
import { callCommand } from '../support/call-command.js';
import { Doubt } from '../support/doubt.js';
import type { PlantedDist } from '../support/planted-dist.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { plantBuild, Versions } from '../support/versions.js';
import { acceptWitness } from '../support/witness.js';

expectNoProcessLeft();

/** A change that any history replays with: a text. */
const NEXT = {
  file: 'workflows/await-outcome.js',
  from: "'Wait until the provider may be asked again'",
  to: "'Wait until the provider may be asked once more'",
};
/** A change that no render in flight replays with. */
const UNFIT = {
  file: 'workflows/await-outcome.js',
  from: "this.#tell({ type: 'accepted' });",
  to: "await sleep(1_000); this.#tell({ type: 'accepted' });",
};

let stage: Stage;
let versions: Versions;
let next: PlantedDist;
let unfit: PlantedDist;
let v1: Running;
let v2: Running;

beforeAll(async () => {
  [stage, next, unfit] = await Promise.all([
    openStage({ engine: 'memory', provider: { renderSeconds: 6 } }),
    plantBuild([NEXT]),
    plantBuild([UNFIT]),
  ]);
  versions = new Versions(stage, 'renders');
}, 120_000);

afterAll(async () => {
  await versions.close();
  await Promise.all([stage.close(), next.remove(), unfit.remove()]);
});

const keysOf = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => freshKey(`${what}-${index}`));

async function expectPaidOnce(keys: readonly string[]): Promise<void> {
  const videos = await Promise.all(keys.map((key) => stage.renders.result(key)));
  expect(videos.map(({ status }) => status)).toEqual(keys.map(() => 'done'));
  for (const key of keys) {
    expect(await stage.fake.movies(key)).toHaveLength(1);
    expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
  }
}

async function doctor(): Promise<{ readonly code: number; readonly checks: Record<string, string> }> {
  const { code, stdout } = await callCommand(['doctor', '--json'], stage.env);
  const { checks } = JSON.parse(stdout) as { checks: { name: string; level: string }[] };
  return { code, checks: Object.fromEntries(checks.map(({ name, level }) => [name, level])) };
}

test('without a current version a call ends with NoWorker and sends nothing, and the printed command is all it takes', async () => {
  v1 = await versions.start('v1');
  expect(v1.said).toMatchObject({ deployment: 'renders', buildId: 'v1', versionState: 'inactive' });
  const key = freshKey('no-current');
  const terms = { deadlineMs: 3_000 };
  await expect(stage.renders.submitOnce(key, CARD, terms)).rejects.toThrow(
    expect.objectContaining({
      code: 'NoWorker',
      message: expect.stringContaining('deployment renders has no current version'),
      next: expect.stringContaining('set-current-version --yes --deployment-name renders --build-id v1'),
    }),
  );
  expect(await stage.fake.requests({ call: 'create' })).toEqual([]);
  const { code, checks } = await doctor();
  expect([code, checks['workers'], checks['deployment']]).toEqual([1, 'ok', 'wrong']);

  await versions.run(String(v1.said['setCurrent']));
  await expectPaidOnce([key]);
  expect((await doctor()).checks['deployment']).toBe('ok');
  expect(await versions.buildIdOf(key)).toBe('v1');
});

test('renders in flight and new ones go through a ramp, the next version and a rollback; each is paid once', async () => {
  v2 = await versions.start('v2', next);
  expect(v2.said).toMatchObject({ buildId: 'v2', versionState: 'inactive' });
  const before = keysOf('before', 12);
  await Promise.all(before.map((key) => stage.renders.submitOnce(key, CARD)));
  await versions.ramp('v2', 50);
  const ramped = keysOf('ramped', 12);
  await Promise.all(ramped.map((key) => stage.renders.submitOnce(key, CARD)));
  const onRamp = new Set(await Promise.all(ramped.map((key) => versions.buildIdOf(key))));
  expect([...onRamp].toSorted()).toEqual(['v1', 'v2']);
  expect(await doctor()).toMatchObject({ checks: { deployment: 'ok', ramp: 'ok' } });

  await versions.ramp('v2', 100);
  await versions.setCurrent('v2');
  const after = keysOf('after', 12);
  await Promise.all(after.map((key) => stage.renders.submitOnce(key, CARD)));
  for (const key of after) expect(await versions.buildIdOf(key)).toBe('v2');
  await versions.setCurrent('v1');
  const back = keysOf('back', 12);
  await Promise.all(back.map((key) => stage.renders.submitOnce(key, CARD)));
  for (const key of back) expect(await versions.buildIdOf(key)).toBe('v1');
  await expectPaidOnce([...before, ...ramped, ...after, ...back]);
  expect(await versions.buildIdOf(after[0] ?? '')).toBe('v1');
}, 120_000);

test('a version that cannot replay a render stops it, loses nothing and sends nothing; the rollback heals it', async () => {
  const keys = keysOf('unfit', 4);
  await Promise.all(keys.map((key) => stage.renders.submitOnce(key, CARD)));
  const broken = await versions.start('broken', unfit);
  await versions.setCurrent('broken');
  await until('a workflow task fails', async () => {
    const { events } = await stage.client.workflow.getHandle(keys[0] ?? '').fetchHistory();
    return events?.some(({ workflowTaskFailedEventAttributes: failed }) => Boolean(failed));
  });
  await versions.setCurrent('v1');
  await expectPaidOnce(keys);
  expect(await broken.stop()).toBe(0);
}, 120_000);

test('a worker without a version gets nothing beside a current version, and doctor says so', async () => {
  const idle = await stage.startWorker();
  const key = freshKey('beside');
  await stage.renders.submitOnce(key, CARD);
  expect(await versions.buildIdOf(key)).toBe('v1');
  expect(await doctor()).toMatchObject({ checks: { deployment: 'ok', 'other workers': 'warning' } });
  expect(await idle.stop()).toBe(0);
  await expectPaidOnce([key]);
}, 60_000);

test('held keys and an open POST of a worker that is gone go on under the next version, and none is sent twice', async () => {
  await acceptWitness(stage);
  const doubt = new Doubt(stage);
  const [adopted, resubmitted, posted] = ['adopted', 'resubmitted', 'posted'].map(freshKey) as [
    string,
    string,
    string,
  ];
  await Promise.all([doubt.lose(adopted, true), doubt.lose(resubmitted, false)]);
  await Promise.all([doubt.isIn(adopted, 'held'), doubt.isIn(resubmitted, 'held')]);
  await stage.fake.fault({ match: { call: 'create', key: posted }, effect: { kind: 'park', at: 'after' } });
  await stage.renders.start(posted, CARD, { submitTimeoutSeconds: 10, settleSeconds: 30 });
  await until('the movie is accepted', async () => (await stage.fake.movies(posted)).length === 1);
  for (const key of [adopted, resubmitted, posted]) expect(await versions.buildIdOf(key)).toBe('v1');

  await versions.setCurrent('v2');
  v1.kill('SIGKILL');
  await v1.exit;
  const [project = ''] = await doubt.paid(adopted);
  expect(await doubt.resolve(adopted, '--adopt', project)).toMatchObject({ code: 0, project });
  expect(await doubt.resolve(resubmitted, '--resubmit')).toMatchObject({ code: 0 });
  for (const key of [adopted, resubmitted, posted]) {
    expect(await stage.renders.result(key)).toMatchObject({ status: 'done' });
    expect(await stage.fake.movies(key)).toHaveLength(1);
    expect(await versions.buildIdOf(key)).toBe('v2');
  }
  expect(await stage.fake.requests({ call: 'create', key: adopted })).toHaveLength(1);
  expect(await stage.fake.requests({ call: 'create', key: posted })).toHaveLength(1);
  expect(await stage.fake.requests({ call: 'create', key: resubmitted })).toHaveLength(2);
}, 240_000);

test('when no worker of the current version is left, calls say so, and another version takes over by one command', async () => {
  expect(await v2.stop()).toBe(0);
  v1 = await versions.start('v1');
  expect(v1.said).toMatchObject({ versionState: expect.stringMatching(/^drain(ing|ed)$/) });
  const key = freshKey('gone');
  // The engine lists a poller for a minute after it has gone.
  const gone = await until(
    'the engine has forgotten the workers of v2',
    async () => (await doctor()).checks['deployment'] === 'wrong',
    120_000,
    1_000,
  );
  expect(gone).toBe(true);
  await expect(stage.renders.submitOnce(key, CARD, { deadlineMs: 2_000 })).rejects.toThrow(
    expect.objectContaining({
      code: 'NoWorker',
      message: expect.stringContaining('none has the current version, build ID v2'),
      next: expect.stringContaining('--build-id v1'),
    }),
  );
  await versions.run(String(v1.said['setCurrent']));
  await expectPaidOnce([key]);
}, 240_000);

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

let stage: Stage;
let worker: Running;
beforeAll(async () => {
  stage = await openStage({ engine: 'disk', provider: { renderSeconds: 4 } });
  worker = await stage.startWorker();
});
afterAll(() => stage.close());

test('a worker killed while a render waits is replaced by any other, and the render ends', async () => {
  const key = freshKey('worker-killed');
  const { project } = await stage.renders.submitOnce(key, CARD);
  worker.kill('SIGKILL');
  await worker.exit;
  worker = await stage.startWorker();

  expect(await stage.renders.result(key)).toMatchObject({ status: 'done', project });
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
});

test('an engine killed with -9 and restarted on its file goes on with every render, and pays for none twice', async () => {
  const keys = Array.from({ length: 10 }, (_, index) => freshKey(`engine-killed-${index}`));
  await Promise.all(keys.map((key) => stage.renders.submitOnce(key, CARD)));
  await stage.engine.restart();
  const videos = await Promise.all(
    keys.map((key) =>
      until(`${key} is done`, () => stage.renders.result(key).catch(() => undefined), 60_000),
    ),
  );

  expect(videos.map((video) => video.status)).toEqual(keys.map(() => 'done'));
  for (const key of keys) expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('a worker that is asked to stop finishes and exits with 0', async () => {
  expect(await worker.stop()).toBe(0);
  worker = await stage.startWorker();
});

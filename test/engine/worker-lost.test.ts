import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastingPort } from '../support/lasting-port.js';
import { expectNoProcessLeft, runCommand } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('a worker whose namespace is deleted is not ready, and ends within a minute with that reason, also during a POST', async () => {
  const { namespace } = stage.engine;
  const listen = `127.0.0.1:${await lastingPort()}`;
  const worker = runCommand(['worker'], { ...stage.env, RENDERONCE_WORKER_LISTEN: listen });
  const readiness = (): Promise<number> =>
    fetch(`http://${listen}/readyz`).then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(readiness, { timeout: 30_000 }).toBe(200);
  await stage.fake.fault({ match: { call: 'create' }, effect: { kind: 'hang-before' } });
  await stage.renders.start(freshKey('lost'), CARD, { submitTimeoutSeconds: 300 });
  await expect.poll(() => stage.fake.requests({ call: 'create' })).toHaveLength(1);
  await stage.client.connection.operatorService.deleteNamespace({ namespace });
  const deletedMs = performance.now();

  await expect.poll(readiness, { timeout: 30_000, interval: 200 }).toBe(503);
  const { code, stderr } = await worker;
  expect(performance.now() - deletedMs).toBeLessThan(60_000);
  expect(code).toBe(3);
  expect(stderr).toContain(`error EngineNotSetUp: the engine has no namespace ${namespace}\n`);
}, 100_000);

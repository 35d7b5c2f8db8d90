import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

/** More submissions than a worker has slots for activities. */
const HANGING = 110;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 10 } });
  await stage.hostWorker();
});
afterAll(() => stage.close());

test('submissions that hang at the provider take no slot from the checks of accepted renders', async () => {
  const going = Array.from({ length: 3 }, () => freshKey('going'));
  await Promise.all(going.map((key) => stage.renders.submitOnce(key, CARD, { renderTimeoutSeconds: 40 })));
  await stage.fake.fault({ match: { call: 'create' }, effect: { kind: 'hang-before' } });
  const hanging = Array.from({ length: HANGING }, () => freshKey('hanging'));
  await Promise.all(hanging.map((key) => stage.renders.start(key, CARD, { submitTimeoutSeconds: 60 })));
  await until(
    'all slots of submissions are taken',
    async () => (await stage.fake.requests({ call: 'create' })).length >= 100,
    60_000,
  );

  const ended = await Promise.all(going.map((key) => stage.renders.result(key)));
  expect(ended.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  await Promise.all(hanging.map((key) => stage.client.workflow.getHandle(key).terminate('the test is over')));
}, 120_000);

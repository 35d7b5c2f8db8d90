import { expect, test } from 'vitest';
import { doorStage, SHORT_ATTEMPTS } from '../support/door-stage.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const at = doorStage();

test('a cancel before the fence sends nothing: the run ends Canceled, and the key is free', async () => {
  const key = freshKey('cancel-before-fence');
  at.door.shut();
  const call = at.stage.renders.submitOnce(key, CARD, { ...SHORT_ATTEMPTS, submitTimeoutSeconds: 60 });
  const answer = call.catch((error: unknown) => error);
  await until('the worker stands at the door', () => at.door.held() > 0);
  await at.stage.renders.cancel(key);
  await until('the cancel is recorded', () => at.hasEvent(key, 'activityTaskCancelRequestedEventAttributes'));
  at.door.open();

  expect(await answer).toMatchObject({ code: 'RenderCancelled', key });
  expect(await at.postsOf(key)).toBe(0);
  expect(await at.stage.renders.status(key)).toMatchObject({ state: 'cancelled' });
  expect(await at.stage.renders.submitOnce(key, CARD, SHORT_ATTEMPTS)).toMatchObject({ replayed: false });
  expect(await at.stage.fake.movies(key)).toHaveLength(1);
}, 100_000);

test('a cancel while the POST is on its way waits for its reply: the caller gets the project, the outcome is cancelled', async () => {
  const key = freshKey('cancel-in-post');
  const park = await at.stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'park', at: 'after' },
  });
  const call = at.stage.renders.submitOnce(key, CARD, { ...SHORT_ATTEMPTS, submitTimeoutSeconds: 60 });
  await until('the movie is accepted', async () => (await at.stage.fake.movies(key)).length === 1);
  await at.stage.renders.cancel(key);
  await until('the cancel is recorded', () => at.hasEvent(key, 'activityTaskCancelRequestedEventAttributes'));
  await at.stage.fake.release(park);

  const { project } = await call;
  const outcome = await at.stage.renders.result(key).catch((error: unknown) => error);
  expect(outcome).toMatchObject({
    code: 'RenderCancelled',
    project,
    outcome: { status: 'cancelled', project },
  });
  expect(await at.stage.renders.submitOnce(key, CARD, SHORT_ATTEMPTS)).toMatchObject({
    project,
    replayed: true,
  });
  expect(await at.postsOf(key)).toBe(1);
}, 100_000);

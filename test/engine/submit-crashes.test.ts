import { expect, test } from 'vitest';
import { doorStage, SHORT_ATTEMPTS } from '../support/door-stage.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const at = doorStage();

test('a worker killed before the fence has sent nothing: the attempt counts as refused, and the next one is sent', async () => {
  const key = freshKey('before-fence');
  at.door.shut();
  const call = at.stage.renders.submitOnce(key, CARD, SHORT_ATTEMPTS);
  await until('the worker stands at the door', () => at.door.held() > 0);
  await at.replaceWorker();
  await until('the attempt has timed out', () => at.hasEvent(key, 'activityTaskTimedOutEventAttributes'));
  at.door.open();

  expect(await call).toMatchObject({ key, replayed: false });
  expect(await at.stage.fake.movies(key)).toHaveLength(1);
  expect(await at.stage.fake.requests({ call: 'list' })).toEqual([]);
}, 100_000);

test('a worker stopped before the fence until its attempt has timed out sends nothing when it goes on', async () => {
  const key = freshKey('frozen');
  at.door.shut();
  // Its connecting must last until the worker is stopped, also on a busy machine.
  const options = { ...SHORT_ATTEMPTS, submitTimeoutSeconds: 25, submitPatienceSeconds: 600 };
  const call = at.stage.renders.submitOnce(key, CARD, options);
  await until('the worker stands at the door', () => at.door.held() > 0);
  at.worker.kill('SIGSTOP');
  const frozen = at.worker;
  const hasTimedOut = () => at.hasEvent(key, 'activityTaskTimedOutEventAttributes');
  await until('the attempt has timed out', hasTimedOut, 60_000);
  at.door.open();
  frozen.kill('SIGCONT');

  const answer = await call;
  expect(await at.stage.fake.movies(key)).toMatchObject([{ project: answer.project }]);
  expect(await at.postsOf(key)).toBe(1);
}, 100_000);

test('a worker killed after the fence, before acceptance: nothing is sent until the looks are over, then once', async () => {
  const key = freshKey('after-fence');
  await at.stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'park', at: 'before' },
    times: 1,
  });
  const call = at.stage.renders.submitOnce(key, CARD, SHORT_ATTEMPTS);
  await until('the POST has reached the provider', async () => (await at.postsOf(key)) === 1);
  await at.replaceWorker();
  await until('the doubt is looked up', async () => (await at.stage.renders.status(key)).state === 'unknown');

  expect(await call).toMatchObject({ key });
  const movies = await at.stage.fake.movies(key);
  expect(movies).toHaveLength(1);
  expect((await at.stage.fake.requests({ call: 'list' })).length).toBeGreaterThanOrEqual(3);
}, 120_000);

test('a worker killed after acceptance, before the reply is read: the movie is found and adopted', async () => {
  const key = freshKey('accepted');
  await at.stage.fake.fault({ match: { call: 'create', key }, effect: { kind: 'park', at: 'after' } });
  const call = at.stage.renders.submitOnce(key, CARD, SHORT_ATTEMPTS);
  const [movie] = await until('the movie is accepted', async () => {
    const movies = await at.stage.fake.movies(key);
    return movies.length > 0 && movies;
  });
  await at.replaceWorker();

  expect(await call).toMatchObject({ project: movie?.project });
  expect(await at.postsOf(key)).toBe(1);
}, 100_000);

test('a worker killed after it read the reply, before the engine took it: the movie is found and adopted', async () => {
  const key = freshKey('reply-read');
  const park = await at.stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'park', at: 'after' },
  });
  const call = at.stage.renders.submitOnce(key, CARD, SHORT_ATTEMPTS);
  await until('the movie is accepted', async () => (await at.stage.fake.movies(key)).length === 1);
  at.stage.engine.signal('SIGSTOP');
  await at.stage.fake.release(park);
  await until(
    'the reply is out',
    async () => (await at.stage.fake.requests({ call: 'create', key }))[0]?.status === 200,
  );
  await at.killWorker();
  at.stage.engine.signal('SIGCONT');
  await at.startWorker();

  const [movie] = await at.stage.fake.movies(key);
  expect(await call).toMatchObject({ project: movie?.project });
  expect(await at.postsOf(key)).toBe(1);
}, 100_000);

test('an engine that is away for longer than the heartbeat timeout while the POST is on its way: one is accepted', async () => {
  const key = freshKey('engine-away');
  const park = await at.stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'park', at: 'before' },
  });
  await at.stage.renders.start(key, CARD, SHORT_ATTEMPTS);
  await until('the POST has reached the provider', async () => (await at.postsOf(key)) === 1);
  await at.stage.engine.restart(2_000);
  await at.stage.fake.release(park);

  const video = await until(
    'the render is done',
    () => at.stage.renders.result(key).catch(() => undefined),
    90_000,
  );
  expect(await at.stage.fake.movies(key)).toMatchObject([{ project: video.project }]);
}, 120_000);

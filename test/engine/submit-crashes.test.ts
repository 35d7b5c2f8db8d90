import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { openTlsDoor, type TlsDoor } from '../support/tls-door.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

/** Short attempts, so that an attempt that fell silent is over in seconds. */
const OPTIONS = { submitTimeoutSeconds: 5, settleSeconds: 30, deadlineMs: 100_000 } as const;

let stage: Stage;
let door: TlsDoor;
let worker: Running;
const startWorker = (): Promise<Running> =>
  stage.startWorker({ JSON2VIDEO_URL: door.url, NODE_EXTRA_CA_CERTS: door.certificateFile });

beforeAll(async () => {
  stage = await openStage({ fakeArgs: ['--time-scale', '20'] });
  door = await openTlsDoor(stage.fake.url);
});
beforeEach(async () => {
  worker = await startWorker();
});
afterEach(async () => {
  door.open();
  await stage.fake.clearFaults();
  worker.kill('SIGKILL');
  await worker.exit;
});
afterAll(async () => {
  await stage.close();
  await door.close();
});

async function replaceWorker(): Promise<void> {
  worker.kill('SIGKILL');
  await worker.exit;
  worker = await startWorker();
}

async function postsOf(key: string): Promise<number> {
  return (await stage.fake.requests({ call: 'create', key })).length;
}

async function eventTypes(key: string): Promise<string[]> {
  const history = await stage.client.workflow.getHandle(key).fetchHistory();
  return (history.events ?? []).map(
    (event) =>
      Object.keys(event).find(
        (name) => name.endsWith('EventAttributes') && event[name as keyof typeof event],
      ) ?? '',
  );
}

test('a worker killed before the fence has sent nothing: the attempt counts as refused, and the next one is sent', async () => {
  const key = freshKey('before-fence');
  door.shut();
  const call = stage.renders.submitOnce(key, CARD, OPTIONS);
  await until('the worker stands at the door', () => door.held() > 0);
  await replaceWorker();
  await until('the attempt has timed out', async () =>
    (await eventTypes(key)).includes('activityTaskTimedOutEventAttributes'),
  );
  door.open();

  expect(await call).toMatchObject({ key, replayed: false });
  expect(await stage.fake.movies(key)).toHaveLength(1);
  expect(await stage.fake.requests({ call: 'list' })).toEqual([]);
}, 100_000);

test('a worker stopped before the fence until its attempt has timed out sends nothing when it goes on', async () => {
  const key = freshKey('frozen');
  door.shut();
  const call = stage.renders.submitOnce(key, CARD, { ...OPTIONS, submitPatienceSeconds: 600 });
  await until('the worker stands at the door', () => door.held() > 0);
  worker.kill('SIGSTOP');
  const frozen = worker;
  await until('the attempt has timed out', async () =>
    (await eventTypes(key)).includes('activityTaskTimedOutEventAttributes'),
  );
  door.open();
  frozen.kill('SIGCONT');

  const answer = await call;
  expect(await stage.fake.movies(key)).toMatchObject([{ project: answer.project }]);
  expect(await postsOf(key)).toBe(1);
}, 100_000);

test('a worker killed after the fence, before acceptance: nothing is sent until the looks are over, then once', async () => {
  const key = freshKey('after-fence');
  await stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'park', at: 'before' },
    times: 1,
  });
  const call = stage.renders.submitOnce(key, CARD, OPTIONS);
  await until('the POST has reached the provider', async () => (await postsOf(key)) === 1);
  await replaceWorker();
  await until('the doubt is looked up', async () => (await stage.renders.status(key)).state === 'unknown');

  expect(await call).toMatchObject({ key });
  const movies = await stage.fake.movies(key);
  expect(movies).toHaveLength(1);
  expect((await stage.fake.requests({ call: 'list' })).length).toBeGreaterThanOrEqual(3);
}, 120_000);

test('a worker killed after acceptance, before the reply is read: the movie is found and adopted', async () => {
  const key = freshKey('accepted');
  await stage.fake.fault({ match: { call: 'create', key }, effect: { kind: 'park', at: 'after' } });
  const call = stage.renders.submitOnce(key, CARD, OPTIONS);
  const [movie] = await until('the movie is accepted', async () => {
    const movies = await stage.fake.movies(key);
    return movies.length > 0 && movies;
  });
  await replaceWorker();

  expect(await call).toMatchObject({ project: movie?.project });
  expect(await postsOf(key)).toBe(1);
}, 100_000);

test('a worker killed after it read the reply, before the engine took it: the movie is found and adopted', async () => {
  const key = freshKey('reply-read');
  const park = await stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'park', at: 'after' },
  });
  const call = stage.renders.submitOnce(key, CARD, OPTIONS);
  await until('the movie is accepted', async () => (await stage.fake.movies(key)).length === 1);
  process.kill(stage.engine.pid, 'SIGSTOP');
  await stage.fake.release(park);
  await until(
    'the reply is out',
    async () => (await stage.fake.requests({ call: 'create', key }))[0]?.status === 200,
  );
  worker.kill('SIGKILL');
  await worker.exit;
  process.kill(stage.engine.pid, 'SIGCONT');
  worker = await startWorker();

  const [movie] = await stage.fake.movies(key);
  expect(await call).toMatchObject({ project: movie?.project });
  expect(await postsOf(key)).toBe(1);
}, 100_000);

test('an engine that is away for longer than the heartbeat timeout while the POST is on its way: one is accepted', async () => {
  const key = freshKey('engine-away');
  const park = await stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'park', at: 'before' },
  });
  await stage.renders.start(key, CARD, OPTIONS);
  await until('the POST has reached the provider', async () => (await postsOf(key)) === 1);
  await stage.restartEngine(2_000);
  await stage.fake.release(park);

  const video = await until(
    'the render is done',
    () => stage.renders.result(key).catch(() => undefined),
    90_000,
  );
  expect(await stage.fake.movies(key)).toMatchObject([{ project: video.project }]);
}, 120_000);

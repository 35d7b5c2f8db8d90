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

test('a cancel before the fence sends nothing: the run ends Canceled, and the key is free', async () => {
  const key = freshKey('cancel-before-fence');
  door.shut();
  const call = stage.renders.submitOnce(key, CARD, { ...OPTIONS, submitTimeoutSeconds: 60 });
  const answer = call.catch((error: unknown) => error);
  await until('the worker stands at the door', () => door.held() > 0);
  await stage.renders.cancel(key);
  await until('the cancel is recorded', async () =>
    (await eventTypes(key)).includes('activityTaskCancelRequestedEventAttributes'),
  );
  door.open();

  expect(await answer).toMatchObject({ code: 'RenderCancelled', key });
  expect(await postsOf(key)).toBe(0);
  expect(await stage.renders.status(key)).toMatchObject({ state: 'cancelled' });
  expect(await stage.renders.submitOnce(key, CARD, OPTIONS)).toMatchObject({ replayed: false });
  expect(await stage.fake.movies(key)).toHaveLength(1);
}, 100_000);

test('a cancel while the POST is on its way waits for its reply: the caller gets the project, the outcome is cancelled', async () => {
  const key = freshKey('cancel-in-post');
  const park = await stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'park', at: 'after' },
  });
  const call = stage.renders.submitOnce(key, CARD, { ...OPTIONS, submitTimeoutSeconds: 60 });
  await until('the movie is accepted', async () => (await stage.fake.movies(key)).length === 1);
  await stage.renders.cancel(key);
  await until('the cancel is recorded', async () =>
    (await eventTypes(key)).includes('activityTaskCancelRequestedEventAttributes'),
  );
  await stage.fake.release(park);

  const { project } = await call;
  const outcome = await stage.renders.result(key).catch((error: unknown) => error);
  expect(outcome).toMatchObject({
    code: 'RenderCancelled',
    project,
    outcome: { status: 'cancelled', project },
  });
  expect(await stage.renders.submitOnce(key, CARD, OPTIONS)).toMatchObject({ project, replayed: true });
  expect(await postsOf(key)).toBe(1);
}, 100_000);

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStartedRun } from '../../src/temporal/started-run.js';
import { SIGNED } from '../support/doubt.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { resetRun } from '../support/reset.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { acceptWitness } from '../support/witness.js';

expectNoProcessLeft();

const SHORT = { submitTimeoutSeconds: 10, settleSeconds: 30 } as const;
const HELD_MS = 150_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  await stage.hostWorker();
  await acceptWitness(stage);
});
afterAll(() => stage.close());

const isIn = (key: string, state: string): Promise<unknown> =>
  until(`${key} is ${state}`, async () => (await stage.renders.status(key)).state === state, HELD_MS);

const posts = async (key: string): Promise<number> =>
  (await stage.fake.requests({ call: 'create', key })).length;

const loseReply = (key: string): Promise<string> =>
  stage.fake.fault({ match: { call: 'create', key }, effect: { kind: 'reset-before' }, times: 1 });

const CORRECTED = { ...CARD, comment: 'corrected' };

/** Has the provider reject the key's first movie. */
async function reject(key: string): Promise<void> {
  const bad = { kind: 'status', code: 400, body: '{"message":"bad movie"}', accept: false } as const;
  await stage.fake.fault({ match: { call: 'create', key }, effect: bad, times: 1 });
  const rejected = { code: 'MovieRejected' };
  await expect(stage.renders.submitOnce(key, CARD, SHORT)).rejects.toMatchObject(rejected);
}

const looks = async (key: string): Promise<number> => {
  const { events } = await stage.client.workflow.getHandle(key).fetchHistory();
  return (events ?? []).filter(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'findMovie',
  ).length;
};

describe.concurrent('a run that came from a reset never sends by itself', () => {
  test('reset after its last look, when its list proves the absence', async () => {
    const key = freshKey('reset-last-look');
    await loseReply(key);
    await stage.renders.start(key, CARD, SHORT);
    await until('the movie is sent again', async () => (await posts(key)) === 2, HELD_MS);
    const before = await stage.renders.result(key);
    await resetRun(stage.client, key, 'first', false);

    expect(await stage.renders.result(key)).toMatchObject({ project: before.project });
    expect(await posts(key)).toBe(2);
  }, 200_000);

  test('reset to its first task while its POST is under way, after a rejected run: held', async () => {
    const key = freshKey('reset-sending');
    await reject(key);
    const effect = { kind: 'hang-before' } as const;
    await stage.fake.fault({ match: { call: 'create', key }, effect, times: 1 });
    await stage.renders.start(key, CORRECTED, SHORT);
    await until('the POST is under way', async () => (await posts(key)) === 2);
    await resetRun(stage.client, key, 'first', false);

    await isIn(key, 'held');
    expect(await posts(key)).toBe(2);
    expect((await stage.renders.status(key)).message).toMatch(/was reset/);
  }, 200_000);

  test('reset after a person gave it a project by force: held', async () => {
    const key = freshKey('reset-adopted');
    const { project } = await stage.renders.submitOnce(freshKey('foreign'), CARD);
    await loseReply(key);
    await stage.renders.start(key, CARD, { ...SHORT, resubmissions: 0 });
    await isIn(key, 'held');
    await stage.renders.resolve(key, { adopt: project }, { ...SIGNED, force: true });
    await stage.renders.result(key);
    await resetRun(stage.client, key, 'first', false);

    await isIn(key, 'held');
    expect(await posts(key)).toBe(1);
  }, 300_000);

  test('a restart after its termination looks back to the first run, which may have sent', async () => {
    const key = freshKey('reset-terminated');
    await loseReply(key);
    await stage.renders.start(key, CARD, SHORT);
    await until('a look is made', async () => (await looks(key)) > 0, HELD_MS);
    const first = await stage.client.workflow.getHandle(key).describe();
    await resetRun(stage.client, key, 'first', false);
    await stage.client.workflow.getHandle(key).terminate('by a person');
    await stage.renders.start(key, CARD, { ...SHORT, restart: true });

    const { options } = await readStartedRun(stage.client, { workflowId: key });
    const { lookFrom } = options as { readonly lookFrom: string };
    expect(Date.parse(lookFrom)).toBeLessThanOrEqual(first.startTime.getTime() + 1_000);
    await isIn(key, 'held');
    expect(await posts(key)).toBe(1);
  }, 300_000);
});

test('a reset of an older, rejected run does not free a key whose newer run was accepted', async () => {
  const key = freshKey('reset-older');
  await reject(key);
  const rejected = await stage.client.workflow.getHandle(key).describe();
  const { project } = await stage.renders.submitOnce(key, CORRECTED, SHORT);
  await resetRun(stage.client, key, 'last', false, rejected.runId);
  // The list lags, so that the first look does not show the movie.
  const empty = { kind: 'status', code: 200, body: '{"success":true,"count":0,"movies":[]}' } as const;
  await stage.fake.fault({ match: { call: 'list' }, effect: empty, times: 1 });
  await expect(stage.renders.result(key)).rejects.toMatchObject({ code: 'MovieRejected' });

  expect(await stage.renders.submitOnce(key, CORRECTED, SHORT)).toMatchObject({ project });
  expect(await posts(key)).toBe(2);
}, 200_000);

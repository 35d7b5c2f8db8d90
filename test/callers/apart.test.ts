import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encryptingDataConverter } from '../../src/codec/index.js';
import { everythingIn, foundIn } from '../security/everything.js';
import { type CallerStage, openCallers } from '../support/caller-stage.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { freshKey, openStage, type Stage } from '../support/stage.js';
import { openEngine, type StageEngine } from '../support/stage-engine.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const keysOf = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
/** The keys of the renders, and those of the callers: neither can read the other's payloads. */
const [OF_RENDERS, OF_CALLERS] = [keysOf('renders'), keysOf('callers')];

const PERSON = 'Ada-Lovelace-of-Marylebone';
const MOVIE = {
  comment: `for ${PERSON}`,
  scenes: [{ duration: 5, elements: [{ type: 'text', text: PERSON, style: '001' }] }],
};

let stage: Stage;
let elsewhere: StageEngine;
let callers: CallerStage;
beforeAll(async () => {
  stage = await openStage({
    provider: { renderSeconds: 1 },
    env: { RENDERONCE_ENCRYPTION_KEYS: OF_RENDERS },
  });
  elsewhere = await openEngine('shared', stage.folder);
  [callers] = await Promise.all([
    openCallers(stage, {
      namespace: elsewhere.namespace,
      dataConverter: encryptingDataConverter(OF_CALLERS),
    }),
    stage.startWorker(),
  ]);
});
afterAll(async () => {
  await callers.close();
  await stage.close();
  await elsewhere.stop();
});

test('a workflow in another namespace, with other encryption keys, awaits its render; neither history tells of the movie', async () => {
  const key = freshKey('apart');
  const orders = await Promise.all([1, 2].map(() => callers.start('renderMovieOf', key, MOVIE)));
  const [project] = await Promise.all(orders.map((order) => order.result()));
  expect(await stage.renders.status(key)).toMatchObject({ state: 'done', project });
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);

  expect(elsewhere.namespace).not.toBe(stage.engine.namespace);
  const histories = [...orders, stage.client.workflow.getHandle(key)].map((each) => each.fetchHistory());
  expect(foundIn(everythingIn(await Promise.all(histories)), [PERSON])).toEqual([]);
  const inNamespaceOfRenders = stage.client.workflow.getHandle(orders[0]?.workflowId ?? '');
  await expect(inNamespaceOfRenders.describe()).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
});

test('the details of a failure cross namespaces and keys, and the engine stores them encrypted', async () => {
  const key = freshKey('differs');
  await stage.renders.submitOnce(key, MOVIE);
  const order = await callers.start('failureOfRender', key, { ...MOVIE, comment: `not for ${PERSON}` });
  expect(await order.result()).toMatchObject({ code: 'IdempotencyKeyReused', differences: ['comment'] });
  expect(foundIn(everythingIn(await order.fetchHistory()), [PERSON])).toEqual([]);
});

test('an encrypted order that continues as new gets its render, and a cancelled one leaves its render alone', async () => {
  const [again, cancelled] = [freshKey('again'), freshKey('cancelled')];
  await stage.fake.fault({ match: { key: cancelled }, effect: { kind: 'state', script: ['running'] } });
  const [ofAgain, ofCancelled] = await Promise.all([
    callers.start('renewedWhileWaiting', again, MOVIE),
    callers.start('renderMovieOf', cancelled, MOVIE),
  ]);
  const [movie] = await until('it is accepted', async () => {
    const movies = await stage.fake.movies(cancelled);
    return movies.length > 0 && movies;
  });
  await ofCancelled.cancel();
  await expect(ofCancelled.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(await stage.renders.status(cancelled)).toMatchObject({
    state: 'rendering',
    project: movie?.project,
  });
  expect(await ofAgain.result()).toBe((await stage.fake.movies(again))[0]?.project);
  expect(await stage.fake.requests({ call: 'create', key: again })).toHaveLength(1);
});

test('a worker whose client lacks the keys of the renders repeats the step, says why, and goes on with the right client', async () => {
  const key = freshKey('keyless');
  await stage.renders.submitOnce(key, MOVIE);
  const [keyless, wrong] = await Promise.all([
    openCallers(stage, { ofRenders: {} }),
    openCallers(stage, { ofRenders: encryptingDataConverter(OF_CALLERS) }),
  ]);
  const orders = await Promise.all([keyless, wrong].map((each) => each.start('renderMovieOf', key, MOVIE)));
  for (const order of orders) {
    const failure = await until('its step has failed', async () => {
      const { raw } = await order.describe();
      return raw.pendingActivities?.find(({ lastFailure }) => lastFailure)?.lastFailure ?? false;
    });
    expect(failure.applicationFailureInfo).toMatchObject({ type: 'PayloadUnreadable', nonRetryable: false });
    expect(failure.message).toMatch(/encrypted.* this process (has no|does not have)/);
  }
  await Promise.all([keyless.close(), wrong.close()]);

  const right = await Promise.all([keyless, wrong].map(({ taskQueue }) => openCallers(stage, { taskQueue })));
  const { project } = await stage.renders.result(key);
  for (const { workflowId } of orders) {
    expect(await right[0]?.client.workflow.getHandle(workflowId).result()).toBe(project);
  }
  await Promise.all(right.map((each) => each.close()));
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
}, 90_000);

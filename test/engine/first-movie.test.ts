import { afterAll, beforeAll, expect, test } from 'vitest';
import { IdempotencyKeyReused, RenderFailed, SubmissionPending } from '../../src/index.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  await stage.hostWorker();
});
afterAll(() => stage.close());

test('a movie goes from a call to a finished video, and is paid for once', async () => {
  const key = freshKey('first');
  const video = await stage.renders.render(key, CARD);

  expect(video).toMatchObject({
    status: 'done',
    key,
    width: 1920,
    height: 1080,
    durationSeconds: 5,
    clientData: {},
  });
  const file = await fetch(video.url);
  expect((await file.arrayBuffer()).byteLength).toBe(video.sizeBytes);
  expect(await stage.fake.movies(key)).toMatchObject([{ project: video.project, status: 'done' }]);
});

test('25 concurrent callers of one key get one project, and one POST is accepted', async () => {
  const key = freshKey('crowd');
  const calls = Array.from({ length: 25 }, () => stage.renders.submitOnce(key, CARD));
  const answers = await Promise.all(calls);

  expect(new Set(answers.map((answer) => answer.project)).size).toBe(1);
  expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('a closed key is answered with its project, and nothing is sent', async () => {
  const key = freshKey('closed');
  const first = await stage.renders.render(key, CARD);
  const again = await stage.renders.submitOnce(key, CARD);

  expect(again).toMatchObject({ key, project: first.project, replayed: true });
  expect(await stage.renders.result(key)).toEqual(first);
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
});

test('a key that was started without waiting is answered by a later submitOnce, also after it closed', async () => {
  const key = freshKey('started');
  expect(await stage.renders.start(key, CARD)).toEqual({ key, replayed: false });
  expect(await stage.renders.start(key, CARD)).toEqual({ key, replayed: true });
  const video = await stage.renders.result(key);

  expect(await stage.renders.submitOnce(key, CARD)).toMatchObject({ project: video.project, replayed: true });
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('another movie under a used key is refused with the differing paths, running and closed', async () => {
  const key = freshKey('reused');
  const other = { ...CARD, scenes: [{ ...CARD.scenes[0], duration: 6 }], quality: 'low' };
  await stage.renders.submitOnce(key, CARD);

  const whileRunning = await stage.renders.submitOnce(key, other).catch((error: unknown) => error);
  await stage.renders.result(key);
  const afterClose = await stage.renders.submitOnce(key, other).catch((error: unknown) => error);
  const byStart = await stage.renders.start(key, other).catch((error: unknown) => error);

  for (const error of [whileRunning, afterClose, byStart]) {
    expect(error).toBeInstanceOf(IdempotencyKeyReused);
    expect(error).toMatchObject({
      code: 'IdempotencyKeyReused',
      key,
      differingPaths: ['scenes[0].duration', 'quality'],
    });
  }
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
});

test('the same movie with its names in another order is the same movie', async () => {
  const key = freshKey('order');
  const first = await stage.renders.submitOnce(key, CARD);
  const reordered = { scenes: CARD.scenes, resolution: CARD.resolution };

  expect(await stage.renders.submitOnce(key, reordered)).toMatchObject({
    project: first.project,
    replayed: true,
  });
});

test('a movie that fails at the provider ends as failed, with the reason and the project', async () => {
  const key = freshKey('broken');
  const broken = { scenes: [{ elements: [{ type: 'video' }] }] };
  const error = await stage.renders
    .render(key, broken, { errorGraceSeconds: 10 })
    .catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(RenderFailed);
  expect(error).toMatchObject({
    code: 'RenderFailed',
    key,
    message: expect.stringContaining("requires a 'src'"),
  });
  expect(await stage.renders.status(key)).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('src'),
  });
});

test('a submission whose reply is lost is found in the list of the provider, and paid for once', async () => {
  const key = freshKey('lost');
  await stage.fake.fault({ match: { call: 'create', key }, effect: { kind: 'reset-after' } });
  await stage.renders.start(key, CARD);
  await until('the doubt is known', async () => (await stage.renders.status(key)).state === 'unknown');
  const early = await stage.renders
    .submitOnce(key, CARD, { deadlineMs: 1_000 })
    .catch((thrown: unknown) => thrown);
  expect(early).toBeInstanceOf(SubmissionPending);
  expect(early).toMatchObject({ code: 'SubmissionPending', state: 'unknown', key });

  const answer = await stage.renders.submitOnce(key, CARD);
  expect(await stage.fake.movies(key)).toMatchObject([{ project: answer.project }]);
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
});

test('a refused connection sends nothing and is tried again until the provider is back', async () => {
  const key = freshKey('refused');
  await stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'status', code: 429, body: '{"message":"Too many requests"}', accept: false },
    times: 2,
  });
  const answer = await stage.renders.submitOnce(key, CARD);

  const posts = await stage.fake.requests({ call: 'create', key });
  expect(posts.map((post) => post.status)).toEqual([429, 429, 200]);
  expect(await stage.renders.status(key)).toMatchObject({ project: answer.project, attempts: 3 });
});

test('a rejected movie spends nothing and leaves the key free for a corrected one', async () => {
  const key = freshKey('rejected');
  const bad = { resolution: 'full-hd' };
  const error = await stage.renders.submitOnce(key, bad).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'MovieRejected', key, httpStatus: 400 });

  const answer = await stage.renders.submitOnce(key, CARD);
  expect(answer.replayed).toBe(false);
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('list finds renders by state and time, each with its project', async () => {
  const key = freshKey('listed');
  const since = new Date(Date.now() - 1_000);
  const { project } = await stage.renders.render(key, CARD);
  const listed = await until('the index knows the end', async () => {
    const found = [];
    for await (const render of stage.renders.list({ state: 'done', since })) found.push(render);
    return found.find((render) => render.key === key);
  });
  expect(listed).toMatchObject({ key, state: 'done', project, closedAt: expect.any(String) });

  for await (const render of stage.renders.list({ state: 'held' })) expect(render.key).not.toBe(key);
});

import { expect, test } from 'vitest';
import { renderWebhook } from '../../src/workflows/messages.js';
import { LOST } from '../support/scripted-provider.js';
import { failureOf, scriptedStage, stateOf } from '../support/scripted-stage.js';

const stage = scriptedStage();

const MOVIE = { scenes: [] };

test('a movie whose reply is lost is adopted at the first look, and not sent again', async () => {
  stage.provider.script.push(async (movie) => {
    await stage.provider.accept(movie);
    return LOST;
  });
  const outcome = await (await stage.time.start(MOVIE)).result();

  expect(outcome).toMatchObject({ status: 'done', project: 'project000000001' });
  expect(stage.provider.posts).toHaveLength(1);
  expect(stage.provider.looks).toHaveLength(1);
  expect(stage.provider.looks[0]! - stage.provider.posts[0]!.atMs).toBeGreaterThanOrEqual(5_000);
});

test('a movie that the list shows late is adopted at the last look of the settle window, and not sent again', async () => {
  stage.provider.script.push(async (movie) => {
    await stage.provider.accept(movie, 100_000);
    return LOST;
  });
  const outcome = await (await stage.time.start(MOVIE)).result();

  expect(outcome).toMatchObject({ project: 'project000000001' });
  expect(stage.provider.posts).toHaveLength(1);
  expect(stage.provider.looks).toHaveLength(3);
});

test('a movie that never arrived is sent again once, after three looks, the last beyond the settle window', async () => {
  stage.provider.script.push(() => LOST);
  const outcome = await (
    await stage.time.start(MOVIE, { submitTimeoutSeconds: 20, settleSeconds: 60 })
  ).result();

  expect(outcome).toMatchObject({ project: 'project000000001' });
  expect(stage.provider.posts).toHaveLength(2);
  expect(stage.provider.looks).toHaveLength(3);
  const sinceFirstPost = stage.provider.looks.map((atMs) => atMs - stage.provider.posts[0]!.atMs);
  expect(sinceFirstPost[0]).toBeGreaterThanOrEqual(5_000);
  expect(sinceFirstPost[1]).toBeGreaterThanOrEqual(30_000);
  expect(sinceFirstPost[2]).toBeGreaterThanOrEqual(79_000);
  expect(stage.provider.posts[1]!.atMs).toBeGreaterThanOrEqual(stage.provider.looks[2]!);
});

test('after a second doubt nothing is sent: the key is held, and looked for every five minutes without history', async () => {
  stage.provider.script.push(
    () => LOST,
    () => LOST,
  );
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('1 hour');
  expect(await stateOf(handle)).toBe('held');
  const events = (await handle.fetchHistory()).events?.length;
  await stage.time.env.sleep('10 hours');

  expect(await stateOf(handle)).toBe('held');
  expect((await handle.fetchHistory()).events?.length).toBe(events);
  expect(stage.provider.posts).toHaveLength(2);
  const gaps = stage.provider.looks
    .slice(-5)
    .map((atMs, index, looks) => atMs - (looks[index - 1] ?? atMs - 300_000));
  for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(299_000);
});

test('a held key goes on as soon as its movie turns up in the list', async () => {
  let movie = {};
  stage.provider.script.push((sent) => {
    movie = sent;
    return LOST;
  });
  const handle = await stage.time.start(MOVIE, { resubmissions: 0 });
  await stage.time.env.sleep('2 hours');
  expect(await stateOf(handle)).toBe('held');
  await stage.provider.accept(movie);

  expect(await handle.result()).toMatchObject({ status: 'done', project: 'project000000001' });
  expect(stage.provider.posts).toHaveLength(1);
});

test('without resubmissions a doubt that looks do not settle is held at once', async () => {
  stage.provider.script.push(() => LOST);
  const handle = await stage.time.start(MOVIE, { resubmissions: 0 });
  await stage.time.env.sleep('30 minutes');

  expect(await stateOf(handle)).toBe('held');
  expect(stage.provider.posts).toHaveLength(1);
});

test.each(['unknown', 'held'])(
  'a hint whose project carries our mark settles a render that is %s',
  async (state) => {
    stage.provider.script.push(async (movie) => {
      await stage.provider.accept(movie, 86_400_000);
      return LOST;
    });
    const handle = await stage.time.start(MOVIE, { resubmissions: 0 });
    await stage.time.env.sleep(state === 'unknown' ? '2 seconds' : '30 minutes');
    expect(await stateOf(handle)).toBe(state);
    await handle.signal(renderWebhook, { project: 'project000000001', status: 'done' });

    expect(await handle.result()).toMatchObject({ status: 'done', project: 'project000000001' });
    expect(stage.provider.posts).toHaveLength(1);
  },
);

test('a hint whose project carries another mark settles nothing', async () => {
  stage.provider.script.push(() => LOST);
  await stage.provider.accept({
    'client-data': { renderonce: { key: 'other', fingerprint: 'f', namespace: 'default' } },
  });
  const handle = await stage.time.start(MOVIE, { resubmissions: 0 });
  await stage.time.env.sleep('2 seconds');
  await handle.signal(renderWebhook, { project: 'project000000001' });
  await handle.signal(renderWebhook, { project: 'unknown-project' });
  await stage.time.env.sleep('30 minutes');

  expect(await stateOf(handle)).toBe('held');
});

test('a movie with our key and another fingerprint is never adopted: the key stays blocked', async () => {
  stage.provider.script.push(async (movie) => {
    const mark = {
      ...(movie['client-data'] as { renderonce: object }).renderonce,
      fingerprint: 'e'.repeat(64),
    };
    await stage.provider.accept({ ...movie, 'client-data': { renderonce: mark } });
    return LOST;
  });
  const handle = await stage.time.start(MOVIE);

  expect(await failureOf(handle)).toMatchObject({ type: 'IdempotencyKeyReused' });
  expect(await stateOf(handle)).toBe('rejected');
  expect(stage.provider.posts).toHaveLength(1);
});

test('a movie of another namespace is not ours, whatever its key', async () => {
  stage.provider.script.push(async (movie) => {
    const mark = { ...(movie['client-data'] as { renderonce: object }).renderonce, namespace: 'elsewhere' };
    await stage.provider.accept({ ...movie, 'client-data': { renderonce: mark } });
    return LOST;
  });
  const outcome = await (await stage.time.start(MOVIE)).result();

  expect(outcome).toMatchObject({ project: 'project000000002' });
});

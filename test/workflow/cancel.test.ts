import { CancelledFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { LOST, httpReply } from '../support/scripted-provider.js';
import { failureOf, scriptedStage, stateOf } from '../support/scripted-stage.js';

const stage = scriptedStage();

const MOVIE = { scenes: [] };

test.each([
  ['waiting after a refusal', () => httpReply(429, {}), 'cancelled', CancelledFailure],
  ['in doubt, and the movie never turns up', () => LOST, 'cancelled', CancelledFailure],
] as const)('a cancel while %s ends as Canceled, and the key is free', async (_when, answer, state, kind) => {
  for (let index = 0; index < 20; index += 1) stage.provider.script.push(answer);
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('3 seconds');
  await handle.cancel();

  expect(await failureOf(handle)).toBeInstanceOf(kind);
  expect(await stateOf(handle)).toBe(state);
  const posts = stage.provider.posts.length;
  await stage.time.env.sleep('1 hour');
  expect(stage.provider.posts).toHaveLength(posts);
});

test('a cancel while in doubt waits for the looks, and names the project that was accepted', async () => {
  stage.provider.script.push(async (movie) => {
    await stage.provider.accept(movie, 60_000);
    return LOST;
  });
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('2 seconds');
  await handle.cancel();

  expect(await handle.result()).toMatchObject({ status: 'cancelled', project: 'project000000001' });
  expect(stage.provider.posts).toHaveLength(1);
});

test('a cancel while held gives the key up: RenderAbandoned', async () => {
  stage.provider.script.push(() => LOST);
  const handle = await stage.time.start(MOVIE, { resubmissions: 0 });
  await stage.time.env.sleep('30 minutes');
  await handle.cancel();

  expect(await failureOf(handle)).toMatchObject({ type: 'RenderAbandoned' });
  expect(await stateOf(handle)).toBe('abandoned');
});

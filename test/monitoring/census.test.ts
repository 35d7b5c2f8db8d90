import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Census, watchRenders } from '../../src/worker/census.js';
import { ATTRIBUTES, WORKFLOWS } from '../../src/workflows/messages.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { samplesIn, valueOf } from './exposition.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** A render as the index shows it in a state; no worker moves it on. */
const renderIn = (state: string) =>
  stage.client.workflow.start(WORKFLOWS.render, {
    workflowId: freshKey(state),
    taskQueue: stage.taskQueue,
    typedSearchAttributes: [{ key: ATTRIBUTES.state, value: state }],
  });

test('renders are counted where they stand, whoever worked on them, and the oldest doubt tells its age', async () => {
  for (const state of ['held', 'held', 'unknown', 'rendering', 'done']) await renderIn(state);
  const terminated = await renderIn('held');
  await terminated.terminate();
  let nowMs = Date.now() + 3_600_000;
  const census = new Census(stage.client, () => nowMs);
  const count = await until('the index shows them', async () => {
    nowMs += 20_000;
    const { renders, oldestAgeSeconds } = await census.take();
    const counted = Object.fromEntries(renders);
    return counted['held'] === 2 && counted['rendering'] === 1 && { counted, oldestAgeSeconds };
  });

  expect(count.counted).toEqual({ submitting: 0, waiting: 0, unknown: 1, held: 2, rendering: 1 });
  expect(count.oldestAgeSeconds.get('held')).toBeGreaterThan(3_600);
  expect(count.oldestAgeSeconds.get('unknown')).toBeLessThan(7_200);
});

test('all who ask within twenty seconds share one census', async () => {
  let nowMs = Date.now();
  const census = new Census(stage.client, () => nowMs);
  const first = census.take();
  nowMs += 19_999;
  expect(census.take()).toBe(first);
  nowMs += 1;
  expect(census.take()).not.toBe(first);
  await census.take();
});

test('an engine that does not answer leaves no old numbers behind, and is told as down', async () => {
  const registry = new Registry();
  const census = new Census(stage.client, Date.now);
  let isDown = false;
  watchRenders(registry, {
    take: () => (isDown ? Promise.reject(new Error('no engine answers')) : census.take()),
  });
  const before = samplesIn(await registry.metrics());
  isDown = true;
  const after = samplesIn(await registry.metrics());

  expect(before.filter(({ name }) => name === 'renderonce_renders')).toHaveLength(5);
  expect(valueOf(before, 'renderonce_engine_up')).toBe(1);
  expect(after.map(({ name, value }) => [name, value])).toEqual([['renderonce_engine_up', 0]]);
});

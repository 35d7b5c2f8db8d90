import { expect, test } from 'vitest';
import type { IndexedRun } from '../../src/temporal/render-index.js';
import { scriptedStage, stateOf } from '../support/scripted-stage.js';

const stage = scriptedStage();

const MOVIE = { scenes: [] };
const DECIDED: IndexedRun = { runId: 'decided', startedAtMs: 1_000, endedFromOutside: false };

const unseen = (more: Partial<IndexedRun> = {}): IndexedRun => ({
  runId: 'unseen',
  startedAtMs: 2_000,
  endedFromOutside: true,
  ...more,
});

test('a start that comes after the run of its decision only looks at the index', async () => {
  stage.provider.closedRuns = [DECIDED, { ...DECIDED, runId: 'older', startedAtMs: 500 }];
  const handle = await stage.time.start(MOVIE, { after: 'decided' });

  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect(stage.provider.looks).toHaveLength(0);
});

test('a start that comes after a terminated run that its caller has not seen is held', async () => {
  stage.provider.closedRuns = [DECIDED, unseen()];
  const handle = await stage.time.start(MOVIE, { after: 'decided' });
  await stage.time.env.sleep('1 hour');

  expect(await stateOf(handle)).toBe('held');
  expect(stage.provider.posts).toHaveLength(0);
});

test('the movie of an unseen run is adopted', async () => {
  stage.provider.closedRuns = [DECIDED, unseen({ account: stage.provider.account })];
  const handle = await stage.time.start(MOVIE, { after: 'decided' });
  const renderonce = { key: handle.workflowId, fingerprint: 'f'.repeat(64), namespace: 'default' };
  await stage.provider.accept({ 'client-data': { renderonce } });

  expect(await handle.result()).toMatchObject({ project: 'project000000001' });
  expect(stage.provider.posts).toHaveLength(0);
});

test('an unseen run whose account is known is settled by a witnessed look, and then the movie is sent', async () => {
  stage.provider.closedRuns = [DECIDED, unseen({ account: stage.provider.account })];
  const handle = await stage.time.start(MOVIE, { after: 'decided' });

  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect(stage.provider.posts).toHaveLength(1);
  expect(stage.provider.looks).toHaveLength(3);
});

test('an index that no longer shows the run of the decision may hide nothing: any other run is unseen', async () => {
  stage.provider.closedRuns = [unseen({ startedAtMs: 10, account: stage.provider.account })];
  const handle = await stage.time.start(MOVIE, { after: 'decided' });

  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect(stage.provider.looks).toHaveLength(3);
});

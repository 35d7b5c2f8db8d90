import { expect, test } from 'vitest';
import { ATTRIBUTES } from '../../src/workflows/messages.js';
import { afterStage, copyOf, lost } from '../support/after-stage.js';
import { VIDEO } from '../support/scripted-provider.js';

const stage = afterStage();

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('the event of a video waits for its copy', async () => {
  stage.follow = { keep: true, notify: ['default'] };
  let tries = 0;
  stage.keep = (request) => {
    tries += 1;
    if (tries < 4) throw new Error('HTTP 503');
    return copyOf(request);
  };
  const { after } = await stage.run();
  expect(await after.result()).toMatchObject({ sizeBytes: 1_000 });
  expect(stage.attempts.map(({ type }) => type)).toEqual(['render.done']);
  expect(stage.attempts[0]?.data).toMatchObject({ kept: { project: 'project000000001' } });
  expect((await after.describe()).typedSearchAttributes.get(ATTRIBUTES.kept)).toBe('kept');
});

test('after 10 minutes it is sent without, and the copy is reported when it comes', async () => {
  stage.follow = { keep: true, notify: ['default'] };
  stage.keep = (request) => {
    if (stage.attempts.length === 0) throw new Error('HTTP 503');
    return copyOf(request);
  };
  const { after } = await stage.run();
  await after.result();
  const [done, kept] = stage.attempts;
  expect(stage.attempts.map(({ type }) => type)).toEqual(['render.done', 'render.kept']);
  expect(done?.data).not.toHaveProperty('kept');
  const startMs = (await after.describe()).startTime.getTime();
  expect((done?.atMs ?? 0) - startMs).toBeGreaterThan(9 * MINUTE);
  expect((done?.atMs ?? 0) - startMs).toBeLessThan(11 * MINUTE);
  expect(kept?.data).toMatchObject({ kept: { sizeBytes: 1_000 } });
});

test('a video that is lost is shown as lost, and the end is reported all the same', async () => {
  stage.follow = { keep: true, notify: ['default'] };
  stage.keep = () => {
    throw lost('the provider answers 404');
  };
  const { after } = await stage.run();
  expect(await after.result()).toBeNull();
  expect((await after.describe()).typedSearchAttributes.get(ATTRIBUTES.kept)).toBe('lost');
  expect(stage.attempts.map(({ type }) => type)).toEqual(['render.done']);
});

test('a copy that never succeeds is given up when the provider deletes the file', async () => {
  stage.follow = { keep: true, notify: [] };
  const expiresMs = (await stage.env.currentTimeMs()) + 7 * 24 * HOUR;
  stage.provider.reading = () => ({
    says: 'done',
    video: { ...VIDEO, endedAt: new Date(expiresMs - 7 * 24 * HOUR).toISOString() },
  });
  stage.keep = () => {
    throw new Error('HTTP 503');
  };
  const { after } = await stage.run();
  expect(await after.result()).toBeNull();
  expect(await stage.env.currentTimeMs()).toBeGreaterThan(expiresMs - 11 * MINUTE);
  expect((await after.describe()).typedSearchAttributes.get(ATTRIBUTES.kept)).toBe('lost');
});

test('the video of a render that timed out is asked for once an hour, kept, and reported as late', async () => {
  stage.follow = { keep: true, notify: ['default'] };
  const startMs = await stage.env.currentTimeMs();
  const asked: number[] = [];
  stage.provider.read = async () => {
    const afterMs = (await stage.env.currentTimeMs()) - startMs;
    if (afterMs > 90 * MINUTE) asked.push(afterMs);
    return afterMs < 50 * HOUR ? { says: 'rendering', status: 'running' } : { says: 'done', video: VIDEO };
  };
  const { handle, after } = await stage.run();
  expect(await handle.result()).toMatchObject({ status: 'timed-out' });
  expect(await after.result()).toMatchObject({ project: 'project000000001' });
  expect(stage.attempts.map(({ type }) => type)).toEqual(['render.timed_out', 'render.done']);
  expect(stage.attempts[1]?.data).toMatchObject({ status: 'done', late: true, url: VIDEO.url });
  expect(asked.length).toBeGreaterThan(45);
  expect(asked.length).toBeLessThan(52);
  // 48 questions more than the attempts of the first hours, and no event more.
  expect((await after.fetchHistory()).events?.length).toBeLessThan(asked.length);
});

test('no late video is asked for if the render is neither to be kept nor to be reported', async () => {
  const settlement = { budget: 'shop', run: 'r', runId: 'r', endedAtMs: 0, post: 5, inDoubt: 'none' };
  const end = {
    key: 'order-1',
    project: 'project000000001',
    fingerprint: 'f',
    submittedAt: '',
    message: 'late',
  };
  let asked = 0;
  stage.provider.read = async () => {
    asked += 1;
    return { says: 'done', video: VIDEO };
  };
  await stage.env.client.workflow.execute('afterRender', {
    workflowId: 'renderonce.after:order-1:r',
    taskQueue: 'renderonce',
    workflowExecutionTimeout: '30 days',
    args: [
      {
        key: 'order-1',
        firstRunId: 'r',
        endedAt: new Date().toISOString(),
        end: { ...end, status: 'timed-out' },
        follow: { keep: false, notify: [] },
        settlement,
      },
    ],
  });
  expect(asked).toBe(0);
});

import { expect, test } from 'vitest';
import { RENDER_KEPT, RENDER_STATE } from '../../src/workflows/messages.js';
import { afterStage, copyOf, DELIVERED, lost } from '../support/after-stage.js';
import { httpReply, LOST, VIDEO } from '../support/scripted-provider.js';

const stage = afterStage();

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const eventsOf = async (handle: {
  fetchHistory(): Promise<{ events?: unknown[] | null }>;
}): Promise<number> => (await handle.fetchHistory()).events?.length ?? 0;

test('a render with nothing to follow has no event more, and one with something at most 6', async () => {
  stage.follow = { keep: false, notify: [] };
  const { handle: plain, after } = await stage.run();
  await expect(after.describe()).rejects.toThrow('not found');
  stage.follow = { keep: true, notify: ['default'] };
  const { handle: followed } = await stage.run();
  const more = (await eventsOf(followed)) - (await eventsOf(plain));
  expect(more).toBeGreaterThan(0);
  expect(more).toBeLessThanOrEqual(6);
});

test('the outcome is there while its event is still on its way, and the event has it', async () => {
  stage.receive = () => ({ end: 'failed', message: 'HTTP 500' });
  const { handle, after } = await stage.run();
  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect((await after.describe()).status.name).toBe('RUNNING');
  stage.receive = () => DELIVERED;
  await after.result();
  const { runId } = await handle.describe();
  expect(stage.attempts.at(-1)).toMatchObject({
    type: 'render.done',
    to: 'default',
    subject: [handle.workflowId, runId],
    data: { key: handle.workflowId, status: 'done', url: VIDEO.url, clientData: { order: 1 } },
  });
  expect(stage.attempts.at(-1)?.data).not.toHaveProperty('caller');
});

const failedReading = { says: 'error', message: 'Failed to download' } as const;

test.each([
  ['failed', 'render.failed', () => void (stage.provider.reading = () => failedReading)],
  [
    'timed-out',
    'render.timed_out',
    () => void (stage.provider.reading = () => ({ says: 'rendering', status: 'running' })),
  ],
  [
    'rejected',
    'render.rejected',
    () => void stage.provider.script.push(() => httpReply(400, { success: false, message: 'bad scene' })),
  ],
])('a render that ends %s is reported as %s', async (status, type, given) => {
  given();
  await stage.run();
  expect(stage.attempts).toHaveLength(1);
  expect(stage.attempts[0]).toMatchObject({ type, data: { status } });
});

test('a render that is cancelled after its acceptance, and one of which nothing was sent, are reported', async () => {
  stage.provider.reading = () => ({ says: 'rendering', status: 'running' });
  const accepted = await stage.start();
  await stage.env.sleep('20s');
  await accepted.cancel();
  await accepted.result();
  await (await stage.afterOf(accepted)).result();
  stage.provider.script.push(() => httpReply(429, { success: false, message: 'slow down' }));
  const unsent = await stage.start();
  await stage.env.sleep('1s');
  await unsent.cancel();
  await unsent.result().catch(() => undefined);
  await (await stage.afterOf(unsent)).result();
  const data = stage.attempts.map((each) => [each.type, each.data]);
  expect(data).toEqual([
    ['render.cancelled', expect.objectContaining({ status: 'cancelled', project: 'project000000001' })],
    ['render.cancelled', expect.not.objectContaining({ project: expect.anything() })],
  ]);
});

test('the options of the call go before the configuration of the worker', async () => {
  stage.follow = { keep: true, notify: ['default'] };
  const { after } = await stage.run({ keep: false, notify: [] });
  await expect(after.describe()).rejects.toThrow('not found');
  stage.follow = { keep: false, notify: [] };
  const other = await stage.run({ keep: true, notify: ['shop', { url: 'https://n8n.example.com/wait/1' }] });
  await other.after.result();
  expect(stage.copies).toHaveLength(1);
  expect(stage.attempts.map(({ to }) => to)).toEqual(['shop', { url: 'https://n8n.example.com/wait/1' }]);
});

test('the configuration is that of the submission, also after a lost reply and a look', async () => {
  stage.provider.script.push(async (movie) => {
    await stage.provider.accept(movie);
    return LOST;
  });
  const { after } = await stage.run();
  await after.result();
  expect(stage.attempts).toHaveLength(1);
});

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
  expect((await after.describe()).typedSearchAttributes.get(RENDER_KEPT)).toBe('kept');
});

test('after 10 minutes it is sent without, and the copy is reported when it comes', async () => {
  stage.follow = { keep: true, notify: ['default'] };
  const { now } = stage.provider;
  const startMs = await now.call(stage.provider);
  stage.keep = async (request) => {
    if ((await now.call(stage.provider)) < startMs + HOUR) throw new Error('HTTP 503');
    return copyOf(request);
  };
  const { after } = await stage.run();
  await after.result();
  const [done, kept] = stage.attempts;
  expect(stage.attempts.map(({ type }) => type)).toEqual(['render.done', 'render.kept']);
  expect(done?.data).not.toHaveProperty('kept');
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
  expect((await after.describe()).typedSearchAttributes.get(RENDER_KEPT)).toBe('lost');
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
  expect((await after.describe()).typedSearchAttributes.get(RENDER_KEPT)).toBe('lost');
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
  expect(await eventsOf(after)).toBeLessThan(50);
});

test('a held key is reported once while it waits for a person, and its end after that', async () => {
  stage.provider.witness = undefined;
  stage.provider.script.push(() => LOST);
  const handle = await stage.start();
  await stage.env.sleep('20 minutes');
  expect(stage.attempts.map(({ type, data }) => [type, Reflect.get(data, 'status')])).toEqual([
    ['render.held', 'held'],
  ]);
  await handle.cancel();
  await handle.result().catch(() => undefined);
  await (await stage.afterOf(handle)).result();
  expect(stage.attempts.map(({ type }) => type)).toEqual(['render.held', 'render.abandoned']);
});

test('an event that is given up fails the workflow that sends it, and its state shows it', async () => {
  stage.receive = () => ({ end: 'refused', message: 'HTTP 410' });
  const { handle, after } = await stage.run();
  await expect(after.result()).rejects.toThrow();
  const { status, typedSearchAttributes } = await after.describe();
  expect([status.name, typedSearchAttributes.get(RENDER_STATE)]).toEqual(['FAILED', 'undelivered']);
  expect(stage.attempts).toHaveLength(1);
  expect(await handle.result()).toMatchObject({ status: 'done' });
});

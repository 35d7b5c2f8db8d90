import { expect, test } from 'vitest';
import { ATTRIBUTES } from '../../src/workflows/messages.js';
import { afterStage, DELIVERED } from '../support/after-stage.js';
import { httpReply, LOST, VIDEO } from '../support/scripted-provider.js';
import type { RenderHandle } from '../support/time-skipping.js';
import { until } from '../support/until.js';

const stage = afterStage();

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
  await expect.poll(() => stage.attempts.length, { timeout: 20_000 }).toBe(1);
  expect(stage.attempts[0]).toMatchObject({ type, data: { status } });
});

/** Waits until the engine has recorded the end of a run's first submission. */
async function submitted(run: RenderHandle): Promise<void> {
  await until('the submission has ended', async () => {
    const { events } = await run.fetchHistory();
    return events?.some(({ activityTaskCompletedEventAttributes: end }) => end != null);
  });
}

test('a render that is cancelled after its acceptance, and one of which nothing was sent, are reported', async () => {
  stage.provider.reading = () => ({ says: 'rendering', status: 'running' });
  const accepted = await stage.start();
  await submitted(accepted);
  await accepted.cancel();
  await accepted.result();
  await (await stage.afterOf(accepted)).result();
  stage.provider.script.push(() => httpReply(429, { success: false, message: 'slow down' }));
  const unsent = await stage.start();
  await submitted(unsent);
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
  const receivers = stage.attempts.map(({ to }) => (typeof to === 'string' ? to : to.url));
  expect(receivers.toSorted()).toEqual(['https://n8n.example.com/wait/1', 'shop']);
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

test('the longest key has something to follow, too: its ID has the 254 bytes that an engine on SQL takes', async () => {
  const handle = await stage.start({}, 'é'.repeat(100));
  await handle.result();
  const after = await stage.afterOf(handle);
  await after.result();
  expect(Buffer.byteLength(after.workflowId)).toBe(254);
  expect(stage.attempts).toHaveLength(1);
});

/** What the Temporal UI shows as current details of a workflow. */
const detailsOf = async (handle: { query(name: string): Promise<unknown> }): Promise<string> =>
  String(Reflect.get(Object(await handle.query('__temporal_workflow_metadata')), 'currentDetails'));

test('the details of a render name what follows it, and those of what follows say how it went', async () => {
  stage.follow = { keep: true, notify: ['default', 'shop'] };
  stage.receive = ({ to }) => (to === 'shop' ? { end: 'refused', message: 'HTTP 410' } : DELIVERED);
  const { handle, after } = await stage.run();
  await after.result().catch(() => undefined);
  expect(await detailsOf(handle)).toContain(
    '**What follows:** the video is copied, and the end is reported to default, shop, by workflow renderonce.after',
  );
  const [copied, ...events] = (await detailsOf(after)).split('\n\n');
  expect(copied).toMatch(/^\*\*Copy of the video:\*\* s3:\/\/videos\/.*, 1000 bytes$/);
  expect(events).toEqual([
    '**Event render.done to default:** delivered, HTTP 204',
    '🔴 **Event render.done to shop:** undelivered\\: HTTP 410 (attempt 1)',
  ]);
});

test('an event that is given up fails the workflow that sends it, and its state shows it', async () => {
  stage.receive = () => ({ end: 'refused', message: 'HTTP 410' });
  const { handle, after } = await stage.run();
  await expect(after.result()).rejects.toThrow('Workflow execution failed');
  const { status, typedSearchAttributes } = await after.describe();
  expect([status.name, typedSearchAttributes.get(ATTRIBUTES.state)]).toEqual(['FAILED', 'undelivered']);
  expect(stage.attempts).toHaveLength(1);
  expect(await handle.result()).toMatchObject({ status: 'done' });
});

test('an event that is given up for one receiver shows it while another is still waited for', async () => {
  stage.follow = { keep: false, notify: ['gone', 'slow'] };
  stage.receive = ({ to }) =>
    to === 'gone'
      ? { end: 'refused', message: 'HTTP 410' }
      : { end: 'not made', message: 'the destination is not configured' };
  const { after } = await stage.run();
  const shown = async (): Promise<unknown> => {
    const { status, typedSearchAttributes } = await after.describe();
    return [status.name, typedSearchAttributes.get(ATTRIBUTES.state)];
  };
  await expect.poll(shown, { timeout: 20_000 }).toEqual(['RUNNING', 'undelivered']);
  stage.receive = () => DELIVERED;
  await expect(after.result()).rejects.toThrow('Workflow execution failed');
});

import { randomUUID } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { beforeEach, expect, test } from 'vitest';
import { readStatus } from '../../src/starter/status.js';
import { FAILURES, renderWebhook } from '../../src/workflows/messages.js';
import { VIDEO } from '../support/scripted-provider.js';
import { failureOf, scriptedStage } from '../support/scripted-stage.js';
import type { RenderHandle } from '../support/time-skipping.js';

const stage = scriptedStage({ webhooks: true });

const MOVIE = { scenes: [] };
const PROJECT = 'project000000001';

const payload = (encoding: string | undefined, data: string): Payload => ({
  metadata: encoding === undefined ? {} : { encoding: Buffer.from(encoding) },
  data: Buffer.from(data),
});

/** Payloads that no data converter of ours reads, and that no codec has made. */
const UNREADABLE: readonly (readonly [what: string, payload: Payload])[] = [
  ['an unknown encoding', payload('foo/bar', 'x')],
  ['no encoding', payload(undefined, '{}')],
  ['protocol buffers', payload('binary/protobuf', '\u0001')],
  ['protocol buffers as JSON', payload('json/protobuf', '{}')],
  ['bad JSON', payload('json/plain', '{"project":')],
  ['nothing', {}],
];

let asked = 0;
beforeEach(() => {
  asked = 0;
  stage.provider.read = async () => {
    asked += 1;
    return { says: 'done', video: VIDEO };
  };
});

/** Signals as a client in another language may. */
async function signal(handle: RenderHandle, signalName: string, ...payloads: Payload[]): Promise<void> {
  const { client } = stage.time.env;
  await client.workflowService.signalWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId },
    signalName,
    input: { payloads },
    requestId: randomUUID(),
  });
}

/** Starts a run whose argument has these payloads. */
async function start(...payloads: Payload[]): Promise<RenderHandle> {
  const { client } = stage.time.env;
  const workflowId = `key-${randomUUID()}`;
  await client.workflowService.startWorkflowExecution({
    namespace: client.options.namespace,
    workflowId,
    workflowType: { name: 'renderMovie' },
    taskQueue: { name: 'renderonce' },
    input: { payloads },
    requestId: randomUUID(),
  });
  return client.workflow.getHandle(workflowId);
}

async function failedTasks(handle: RenderHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.workflowTaskFailedEventAttributes).length;
}

test.each(UNREADABLE)('a webhook signal with %s is ignored, and the render goes on', async (_what, given) => {
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('10 seconds');
  await signal(handle, renderWebhook.name, given);
  await stage.time.env.sleep('10 seconds');
  expect(asked).toBe(0);
  expect(await readStatus(stage.time.env.client, handle.workflowId)).toMatchObject({ state: 'rendering' });
  await handle.signal(renderWebhook, { project: PROJECT, status: 'done' });

  expect(await handle.result()).toMatchObject({ status: 'done', project: PROJECT });
  expect(stage.provider.posts).toHaveLength(1);
  expect(await failedTasks(handle)).toBe(0);
});

test.each(UNREADABLE)(
  'a start with %s ends at once as a rejection, and nothing is sent',
  async (_what, given) => {
    const handle = await start(given);

    expect(await failureOf(handle)).toMatchObject({ type: FAILURES.rejected });
    expect(await readStatus(stage.time.env.client, handle.workflowId)).toMatchObject({ state: 'rejected' });
    expect(stage.provider.posts).toHaveLength(0);
    expect(await failedTasks(handle)).toBe(0);
  },
);

test.each(['binary/renderonce-encrypted-1', 'binary/zlib', 'x/encrypted'])(
  'a start in the encoding %s of a codec that the worker lacks is never taken for nothing: the task is repeated',
  async (encoding) => {
    const handle = await start(payload(encoding, 'x'));
    await expect.poll(() => failedTasks(handle), { timeout: 10_000 }).toBeGreaterThan(0);

    expect((await handle.describe()).status.name).toBe('RUNNING');
    await expect(readStatus(stage.time.env.client, handle.workflowId)).rejects.toMatchObject({
      code: 'PayloadUnreadable',
    });
    await handle.terminate();
  },
);

test('arguments that can be read are left as they are', async () => {
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('10 seconds');
  const hint = defaultPayloadConverter.toPayload({ project: PROJECT });
  await signal(handle, renderWebhook.name, hint);

  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect(asked).toBe(1);
});

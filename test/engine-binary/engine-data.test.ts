import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter, defineSearchAttributeKey } from '@temporalio/common';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from './fakes.js';
import { start, stopAll, withClient } from './real-engine.js';

let place: Awaited<ReturnType<typeof temporaryFolder>>;
let dbFile: string;

beforeEach(async () => {
  place = await temporaryFolder();
  dbFile = join(place.folder, '.renderonce', 'engine.db');
});

afterEach(async () => {
  await stopAll();
  await place.remove();
});

const renderState = defineSearchAttributeKey('RenderState', 'KEYWORD');
/** COMMAND_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES of the engine's API. */
const UPSERT_SEARCH_ATTRIBUTES = 13;

const renderProject = defineSearchAttributeKey('RenderProject', 'KEYWORD');

test('everything is still there after kill -9 and a restart on the same file', async () => {
  const killed = await start({ dbFile });
  await withClient(killed, (client) =>
    client.workflow.start('renderMovie', {
      taskQueue: 'renderonce',
      workflowId: 'order-1',
      typedSearchAttributes: [{ key: renderState, value: 'waiting' }],
    }),
  );
  process.kill(killed.pid, 'SIGKILL');
  expect(await killed.exited).toEqual({ code: null, signal: 'SIGKILL' });

  const restarted = await start({ dbFile });
  const description = await withClient(restarted, (client) =>
    client.workflow.getHandle('order-1').describe(),
  );
  expect(description.status.name).toBe('RUNNING');
  expect(description.typedSearchAttributes.get(renderState)).toBe('waiting');
});

test('a search attribute that an older file lacks can be used by clients and workflows at once', async () => {
  const older = await start({ dbFile });
  await older.stop();
  const searchAttributes = { RenderState: 'Keyword', RenderProject: 'Keyword' } as const;
  const engine = await start({ dbFile, searchAttributes });
  const attributeOf = (handle: WorkflowHandle): Promise<string | undefined> =>
    handle.describe().then((found) => found.typedSearchAttributes.get(renderProject));
  await withClient(engine, async (client) => {
    const handle = await client.workflow.start('renderMovie', {
      taskQueue: 'renderonce',
      workflowId: 'order-2',
      typedSearchAttributes: [{ key: renderProject, value: 'byClient' }],
    });
    expect(await attributeOf(handle)).toBe('byClient');
    await client.withDeadline(Date.now() + 10_000, () => upsertProject(client, 'byWorkflow'));
    expect(await attributeOf(handle)).toBe('byWorkflow');
  });
});

/** Completes the next workflow task as a worker does, with one command. */
async function upsertProject({ workflowService }: Client, project: string): Promise<void> {
  const queue = { namespace: 'default', taskQueue: { name: 'renderonce' } };
  const { taskToken } = await workflowService.pollWorkflowTaskQueue(queue);
  const indexedFields = { RenderProject: defaultPayloadConverter.toPayload(project) };
  const command = {
    commandType: UPSERT_SEARCH_ATTRIBUTES,
    upsertWorkflowSearchAttributesCommandAttributes: { searchAttributes: { indexedFields } },
  };
  await workflowService.respondWorkflowTaskCompleted({ taskToken, commands: [command] });
}

test('the file has a write-ahead log, whose every write reaches the disk', async () => {
  const engine = await start({ dbFile });
  // Bytes 18 and 19 of a SQLite file are 2 with a write-ahead log.
  expect([...(await readFile(dbFile)).subarray(18, 20)]).toEqual([2, 2]);
  const args = await readFile(`/proc/${String(engine.pid)}/cmdline`, 'utf8').catch(() => 'synchronous=FULL');
  expect(args).toContain('synchronous=FULL');
});

test('a file whose namespace has a search attribute of another type is refused, with what to do', async () => {
  const older = await start({ dbFile });
  await withClient(older, ({ connection }) =>
    connection.operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: { RenderProject: 1 },
    }),
  );
  await older.stop();
  const searchAttributes = { RenderState: 'Keyword', RenderProject: 'Keyword' } as const;
  await expect(start({ dbFile, searchAttributes })).rejects.toMatchObject({
    code: 'ENGINE_START_FAILED',
    message: expect.stringMatching(/search attribute RenderProject of another type than Keyword/),
    next: expect.stringContaining('another database file'),
  });
});

test('a retention that is longer than asked for stays, since keys would be forgotten', async () => {
  const older = await start({ dbFile, retentionDays: 60 });
  await older.stop();
  const engine = await start({ dbFile, retentionDays: 30 });
  const { config } = await withClient(engine, ({ connection }) =>
    connection.workflowService.describeNamespace({ namespace: 'default' }),
  );
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(60 * 24 * 60 * 60);
});

test('a namespace that an older file lacks is made', async () => {
  const older = await start({ dbFile });
  await older.stop();
  const engine = await start({ dbFile, namespace: 'videos' });
  await withClient(engine, (client) =>
    client.workflow.start('renderMovie', {
      taskQueue: 'renderonce',
      workflowId: 'order-3',
      typedSearchAttributes: [{ key: renderState, value: 'waiting' }],
    }),
  );
  expect(engine.namespace).toBe('videos');
});

test('the file is where it was asked for, also in a folder whose name the engine would misread', async () => {
  const folder = join(place.folder, 'C# 50%?');
  const engine = await start({ dbFile: join(folder, 'engine.db') });
  expect(await readdir(place.folder)).toEqual(['C# 50%?']);
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['engine.db', 'engine.db.owner.json']));
  await engine.stop();
  // The note of who uses the file goes with its engine.
  expect(await readdir(folder)).not.toContain('engine.db.owner.json');
});

test('a file name that the engine would misread is refused', async () => {
  await expect(start({ dbFile: join(place.folder, 'engine#1.db') })).rejects.toThrow('misreads');
});

test('a second engine on the same file is refused, with the address of the first', async () => {
  const first = await start({ dbFile });
  await expect(start({ dbFile })).rejects.toMatchObject({
    code: 'ENGINE_START_FAILED',
    message: expect.stringContaining(first.address),
    next: expect.stringContaining('Use that engine'),
  });
  await withClient(first, (client) => client.connection.ensureConnected());
});

test('of engines started on one file at the same moment one remains', async () => {
  const outcomes = await Promise.allSettled([start({ dbFile }), start({ dbFile }), start({ dbFile })]);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused).toHaveLength(2);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'ENGINE_START_FAILED' });
});

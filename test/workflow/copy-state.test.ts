import type { Client, WorkflowHandle } from '@temporalio/client';
import { expect, test } from 'vitest';
import { readCopy } from '../../src/starter/kept.js';
import { requireCurrentRun } from '../../src/temporal/current-run.js';
import { afterStage } from '../support/after-stage.js';
import { until } from '../support/until.js';

const stage = afterStage();

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** A client whose first reading of one history is an earlier one: the workflow goes on between two questions. */
function readingEarly(client: Client, workflowId: string, early: History): Client {
  let isFirst = true;
  const getHandle: Client['workflow']['getHandle'] = (id, ...more) => {
    const handle = client.workflow.getHandle(id, ...more);
    if (id !== workflowId || !isFirst) return handle;
    return Object.assign(Object.create(handle) as typeof handle, {
      fetchHistory: async () => {
        isFirst = false;
        return early;
      },
    });
  };
  const workflow = new Proxy(client.workflow, {
    get: (target, name) => {
      if (name === 'getHandle') return getHandle;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return new Proxy(client, {
    get: (target, name) => (name === 'workflow' ? workflow : Reflect.get(target, name)),
  });
}

const isScheduled = ({ events }: History, type: string): boolean =>
  (events ?? []).some(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === type,
  );

test('a copy that is made between two questions to the engine is not taken for lost', async () => {
  stage.follow = { keep: true, notify: [] };
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const { keep } = stage;
  stage.keep = async (request) => {
    await released;
    return keep(request);
  };
  const { handle, after } = await stage.run();
  const { client } = stage.env;
  const key = handle.workflowId;
  const early = await until('the copy is begun', async () => {
    const history = await after.fetchHistory();
    return isScheduled(history, 'keepVideo') && history;
  });
  release();
  await after.result();
  const run = await requireCurrentRun(client, key);
  expect(await readCopy(readingEarly(client, after.workflowId, early), key, run)).toMatchObject({
    state: 'kept',
  });
});

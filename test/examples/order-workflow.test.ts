import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { openUserProject, type UserProject } from './user-project.js';

expectNoProcessLeft();

let stage: Stage;
let project: UserProject;
beforeAll(async () => {
  // The clock stands still, so that no render ends before a test says so.
  [stage, project] = await Promise.all([openStage({ provider: { fixedClock: true } }), openUserProject()]);
  await project.copy('order-workflow.ts');
  await project.copy('order-worker.ts');
  await Promise.all([project.build(), stage.hostWorker()]);
});
afterAll(async () => {
  await project.close();
  await stage.close();
});

test('an order survives the kill of its worker while it waits, and its history does not grow by that', async () => {
  const taskQueue = freshKey('orders');
  const env = { ...stage.env, ORDERS_TASK_QUEUE: taskQueue };
  const killed = await project.start('order-worker.js', env);
  const id = freshKey('killed');
  const key = `order:${id}:promo-video`;
  const order = await stage.client.workflow.start('fulfilOrder', {
    taskQueue,
    workflowId: `fulfil-${id}`,
    args: [{ id, customer: 'Ada' }],
  });
  await until('an attempt waits', async () => {
    const { raw } = await order.describe();
    return raw.pendingActivities?.some(
      ({ activityType, lastStartedTime }) => activityType?.name === 'awaitRender' && !!lastStartedTime,
    );
  });
  await killed.kill();
  await until('it renders', async () => (await stage.renders.status(key)).state === 'rendering');
  await stage.fake.advance(60);

  const next = await project.start('order-worker.js', env);
  expect(await order.result()).toMatchObject({ order: id, video: expect.stringMatching(/^http/) as string });
  const { events } = await order.fetchHistory();
  // 17, and the tasks that the killed worker may have taken with it.
  expect(events?.length).toBeLessThanOrEqual(20);
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
  expect(await next.stop()).toBe(0);
}, 180_000);

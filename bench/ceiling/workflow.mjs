import {
  condition,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';

const { submit } = proxyActivities({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } });
const { confirm } = proxyLocalActivities({ startToCloseTimeout: '1 minute' });

/**
 * A render by hand: only the happy path. It finds no lost reply, answers no second caller and shows nothing in the UI. The
 * second argument adds the work of a promise, to measure it: a fence before the POST, the state in the engine's index, a
 * safety check beside the webhook.
 */
export async function ceiling(movie, { fence = false, state = false, check = false } = {}) {
  let isReported = false;
  setHandler(defineSignal('reported'), () => {
    isReported = true;
  });
  const project = await submit(movie, fence);
  if (state) upsertSearchAttributes({ RenderState: ['rendering'], RenderProject: [project] });
  if (check)
    void checksOf(workflowInfo().taskQueue)
      .watch()
      .catch(() => undefined);
  await condition(() => isReported, '1 hour');
  const url = await confirm(project);
  if (state) upsertSearchAttributes({ RenderState: ['done'] });
  return url;
}

function checksOf(taskQueue) {
  return proxyActivities({
    taskQueue: `${taskQueue}-checks`,
    startToCloseTimeout: '40s',
    scheduleToCloseTimeout: '1 hour',
  });
}

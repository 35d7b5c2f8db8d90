import {
  condition,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';

const { submit } = proxyActivities({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } });
const { confirm } = proxyLocalActivities({ startToCloseTimeout: '1 minute' });

/** A render by hand: only the happy path. It finds no lost reply, answers no second caller and shows nothing in the UI. */
export async function ceiling(movie) {
  let isReported = false;
  setHandler(defineSignal('reported'), () => {
    isReported = true;
  });
  const project = await submit(movie);
  await condition(() => isReported, '1 hour');
  return confirm(project);
}

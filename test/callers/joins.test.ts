import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CallerStage, openCallers } from '../support/caller-stage.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const OTHER = { ...CARD, comment: 'another movie' };
const JOIN = { ifDifferent: 'join' } as const;

let stage: Stage;
let callers: CallerStage;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  callers = await openCallers(stage);
});
afterAll(async () => {
  await callers.close();
  await stage.close();
});

/** Starts a movie that no worker submits yet, and a workflow that joins it with another movie. */
async function joined(workflow: string, key: string) {
  await stage.renders.start(key, CARD);
  const order = await callers.start(workflow, key, OTHER, JOIN);
  await until('the activity waits for the other movie', async () => {
    const { raw } = await order.describe();
    return (raw.pendingActivities ?? []).some(({ lastFailure }) =>
      lastFailure?.message?.includes('the render of another movie is submitting'),
    );
  });
  return order;
}

test("a workflow that joined another movie gets its video, or its cancel, but its own render after that movie's rejection", async () => {
  const [rejected, taken, cancelled] = [freshKey('rejected'), freshKey('taken'), freshKey('cancelled')];
  const effect = {
    kind: 'status',
    code: 400,
    body: '{"message":"the first is bad"}',
    accept: false,
  } as const;
  await stage.fake.fault({ match: { call: 'create', key: rejected }, effect, times: 1 });
  const orders = await Promise.all([
    joined('renderMovieOf', rejected),
    joined('renderMovieOf', taken),
    joined('failureOfRender', cancelled),
  ]);
  await stage.renders.cancel(cancelled);
  await stage.hostWorker();
  for (const [index, key] of [rejected, taken].entries()) {
    const project: unknown = await orders[index]?.result();
    expect(await stage.fake.movies(key)).toMatchObject([{ project }]);
  }
  expect(await orders[2].result()).toMatchObject({ code: 'RenderCancelled', key: cancelled });
  expect(await stage.fake.requests({ call: 'create', key: taken })).toHaveLength(1);
  expect(await stage.fake.requests({ call: 'create', key: rejected })).toHaveLength(2);
  expect(await stage.fake.requests({ call: 'create', key: cancelled })).toHaveLength(0);
}, 120_000);

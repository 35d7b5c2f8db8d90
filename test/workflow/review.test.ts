import { beforeEach, expect, test } from 'vitest';
import { describeReading, type Reading } from '../../src/render/reading.js';
import { Renders } from '../../src/starter.js';
import { scriptedStage } from '../support/scripted-stage.js';
import { VIDEO } from '../support/scripted-provider.js';

const stage = scriptedStage();

const PROJECT = 'project000000001';
const RUNNING: Reading = { says: 'rendering', status: 'running' };
const DONE: Reading = { says: 'done', video: VIDEO };
const ERROR: Reading = { says: 'error', message: 'no source' };

let asked = 0;
let truth: Reading = RUNNING;
beforeEach(() => {
  asked = 0;
  truth = RUNNING;
  stage.provider.read = async () => {
    asked += 1;
    return truth;
  };
});

const renders = (): Renders => new Renders({ client: stage.time.env.client });
/** The key of a render that ended as timed out. */
async function timedOut(): Promise<string> {
  const run = await stage.time.start({ scenes: [] }, { renderTimeoutSeconds: 60 });
  expect(await run.result()).toMatchObject({ status: 'timed-out', project: PROJECT });
  return run.workflowId;
}

test('the video of a render that ended too late can be had, and the outcome stays as it is', async () => {
  const key = await timedOut();
  truth = DONE;
  asked = 0;
  expect(await renders().review(key)).toEqual({
    key,
    project: PROJECT,
    state: 'timed-out',
    providerStatus: 'done',
    video: VIDEO,
  });
  expect(asked).toBe(1);
  await expect(renders().result(key)).rejects.toMatchObject({ code: 'RenderTimedOut' });
  expect(stage.provider.posts).toHaveLength(1);
});

test.each([RUNNING, ERROR, { says: 'gone', message: '' } as const])(
  'a render without a video gets the provider’s present words: %j',
  async (reading) => {
    const key = await timedOut();
    truth = reading;
    const review = await renders().review(key);
    expect(review).toEqual({
      key,
      project: PROJECT,
      state: 'timed-out',
      providerStatus: describeReading(reading),
    });
  },
);

test('every review asks anew', async () => {
  const key = await timedOut();
  truth = ERROR;
  await renders().review(key);
  truth = DONE;
  expect(await renders().review(key)).toMatchObject({ video: VIDEO });
});

test('a provider that does not answer is no answer', async () => {
  const key = await timedOut();
  truth = { says: 'unreadable', message: 'HTTP 503' };
  await expect(renders().review(key)).rejects.toMatchObject({
    code: 'ProviderUnavailable',
    message: expect.stringContaining('HTTP 503'),
  });
});

test('an unknown key, and one of ours, have no review', async () => {
  await expect(renders().review('unknown')).rejects.toMatchObject({ code: 'KeyNotFound' });
  await expect(renders().review('renderonce.review:x')).rejects.toMatchObject({ code: 'KeyInvalid' });
});

import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { findUnreported } from '../../src/starter/unreported.js';
import { WORKFLOWS } from '../../src/workflows/messages.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  await stage.hostWorker();
});
afterAll(() => stage.close());

const UNUSABLE: Readonly<Record<string, unknown[]>> = {
  'no argument': [],
  null: [null],
  'a text': ['x'],
  'no fingerprint': [{ movie: CARD, caller: 'another' }],
  'a number as fingerprint': [{ movie: CARD, fingerprint: 7, caller: 'another' }],
};

/** Starts a run as another client does, and waits for its rejection. */
async function rejected(name: string): Promise<string> {
  const key = freshKey('unusable');
  await stage.client.workflow.start(WORKFLOWS.render, {
    workflowId: key,
    taskQueue: stage.taskQueue,
    args: UNUSABLE[name] ?? [],
  });
  await expect(stage.renders.result(key)).rejects.toMatchObject({ code: 'MovieRejected', key });
  return key;
}

const CALLS = {
  submitOnce: (key: string) => stage.renders.submitOnce(key, CARD),
  'submitOnce with restart': (key: string) => stage.renders.submitOnce(key, CARD, { restart: true }),
  start: (key: string) => stage.renders.start(key, CARD),
  render: (key: string) => stage.renders.render(key, CARD),
};

test.each(Object.keys(UNUSABLE))(
  'a key whose run was started with %s is free: each call starts it, and its movie is sent once',
  async (name) => {
    const calls = Object.values(CALLS).map(async (call) => {
      const key = await rejected(name);
      await call(key);
      expect(await stage.renders.result(key)).toMatchObject({ status: 'done', key });
      expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
    });
    await Promise.all(calls);
  },
);

test('a run with an unusable request can be read, and stops no search for renders without an event', async () => {
  const key = await rejected('no argument');
  expect(await stage.renders.status(key)).toMatchObject({ key, state: 'rejected' });
  expect(await stage.renders.story(key)).toMatchObject({ key, state: 'rejected' });
  const real = Date.now.bind(Date);
  const now = vi.spyOn(Date, 'now').mockImplementation(() => real() + 120_000);
  onTestFinished(() => now.mockRestore());
  const period = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000)] as const;
  expect(await findUnreported(stage.client, ...period)).toEqual([]);
});

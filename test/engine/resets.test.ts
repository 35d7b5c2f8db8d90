import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { resetRun } from '../support/reset.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 6 } });
  await stage.hostWorker();
});
afterAll(() => stage.close());

describe.concurrent.each(['first', 'middle', 'last'] as const)(
  'a run that is reset to its %s workflow task',
  (to) => {
    test.each([
      ['completed', true],
      ['completed', false],
      ['rendering', true],
      ['rendering', false],
    ] as const)(
      'when %s (updates reapplied: %s) sends nothing again and answers the same project',
      async (when, reapply) => {
        const key = freshKey(`reset-${to}-${when}`);
        const { project } = await stage.renders.submitOnce(key, CARD);
        if (when === 'completed') await stage.renders.result(key);
        await resetRun(stage.client, key, to, reapply);

        const again = await stage.renders.submitOnce(key, CARD);
        expect(again).toMatchObject({ key, project, replayed: true });
        expect(await stage.renders.result(key)).toMatchObject({ status: 'done', project });
        expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
      },
    );
  },
);

test('a caller that waits for the result follows the key through a reset', async () => {
  const key = freshKey('reset-while-waiting');
  const { project } = await stage.renders.submitOnce(key, CARD);
  const waiting = stage.renders.result(key);
  await resetRun(stage.client, key, 'first', false);

  expect(await waiting).toMatchObject({ status: 'done', project });
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
});

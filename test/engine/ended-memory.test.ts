import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { EndedMemory } from '../../src/starter/ended-memory.js';
import { readEndedRuns } from '../../src/starter/ended-runs.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const since = new Date(Date.now() - 86_400_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  await stage.hostWorker();
});
afterAll(() => stage.close());

/** Renders, and waits until the index shows it. */
async function ended(prefix: string): Promise<string> {
  const key = freshKey(prefix);
  await stage.renders.render(key, { ...CARD, comment: key });
  await until('the index has it', async () => (await keysOf(indexed())).includes(key));
  return key;
}

const indexed = (keyPrefix?: string) => readEndedRuns(stage.client, { since, keyPrefix });
const keysOf = async (runs: ReturnType<typeof indexed>): Promise<string[]> =>
  (await runs).map(({ key }) => key);

test('what ended is read once, and what the index has forgotten or learned since is neither kept nor missed', async () => {
  const first = [await ended('shop:one'), await ended('mail:two'), await ended('shop:three')];
  const memory = new EndedMemory(stage.client, { lagMs: 0 });
  const ofShop = new EndedMemory(stage.client, { keyPrefix: 'shop:', lagMs: 0 });
  expect(await memory.read(since)).toEqual(await indexed());
  expect(await keysOf(memory.read(since))).toEqual(first.toReversed());
  expect(await keysOf(ofShop.read(since))).toEqual([first[2], first[0]]);

  const asked = vi.spyOn(stage.client.workflowService, 'listWorkflowExecutions');
  const listed = async (): Promise<number> => {
    const answers = await Promise.all(asked.mock.results.map(({ value }) => value));
    asked.mockClear();
    return answers.reduce((sum, { executions }) => sum + executions.length, 0);
  };
  expect(await memory.read(since)).toHaveLength(3);
  // The newest is read again, since another may have ended at the same time.
  expect(await listed()).toBe(1);

  const fourth = await ended('shop:four');
  expect(await memory.read(since)).toEqual(await indexed());
  expect(await keysOf(memory.read(since))).toEqual([fourth, ...first.toReversed()]);

  const { key: workflowId = '', runId = '' } = (await indexed()).at(-1) ?? {};
  expect(workflowId).toBe(first[0]);
  const { namespace } = stage.client.options;
  const workflowExecution = { workflowId, runId };
  await stage.client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
  await until('the index has forgotten it', async () => (await indexed()).length === 3);
  expect(await memory.read(since)).toEqual(await indexed());
  asked.mockClear();
  // A longer window asks for what was before.
  const longer = new Date(since.getTime() - 86_400_000);
  expect(await keysOf(memory.read(longer))).toEqual([fourth, first[2], first[1]]);
  expect(await listed()).toBe(1);
  expect(await keysOf(ofShop.read(since))).toEqual([fourth, first[2]]);
  const shorter = new Date((await indexed())[1]?.closedAtMs ?? 0);
  expect(await keysOf(memory.read(shorter))).toEqual([fourth, first[2]]);
});

import { expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { isUnknownKey, playEngineKills } from './engine-kills.js';

expectNoProcessLeft();

const quiet = { seed: 1, say: () => undefined };
const PATIENCE_MS = 400_000;
const DELETED_MS = 120_000;

test(
  'an engine that is killed again and again in the middle of submissions forgets no acknowledged key, and nothing is paid twice',
  async () => {
    const { acknowledged, open, violations } = await playEngineKills({ ...quiet, rounds: 3 });
    expect(violations).toEqual([]);
    expect(acknowledged).toBeGreaterThan(0);
    expect(open).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);

test(
  'control: a key that the engine has lost is found, and so is a movie that was paid twice',
  async () => {
    const { violations } = await playEngineKills({ ...quiet, rounds: 1, meddle });
    expect(violations).toEqual([
      expect.stringMatching(/^forgotten: /),
      expect.stringMatching(/^paid 2 times: /),
    ]);
  },
  PATIENCE_MS,
);

/** Deletes one run, and pays for the movie of another one again. */
async function meddle(
  { client, fake, renders }: Stage,
  [lost = '', twice = '']: readonly string[],
): Promise<void> {
  const isLost = (): Promise<boolean> =>
    renders.status(lost).then(
      () => false,
      (error: unknown) => isUnknownKey(error),
    );
  const remove = async (): Promise<boolean> => {
    await client.workflowService
      .deleteWorkflowExecution({
        namespace: client.options.namespace,
        workflowExecution: { workflowId: lost },
      })
      .catch(() => undefined);
    return isLost();
  };
  // The engine takes a delete, and may give it up on a busy machine: so it is asked again.
  await until('the run is deleted', remove, DELETED_MS, 2_000);
  await fetch(`${fake.url}/v2/movies`, {
    method: 'POST',
    headers: { 'x-api-key': fake.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ ...CARD, 'client-data': { renderonce: { key: twice } } }),
  });
}

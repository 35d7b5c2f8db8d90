import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

const RENDERS = 40;
/** Half of it is for checks: they take 20 s for one check of each render. */
const RPS = 4;
/** The least: no check of most renders runs before it is over. */
const TIMEOUT_SECONDS = 10;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 3 } });
});
afterAll(() => stage.close());

test('renders that are done at the provider are not timed out because their checks wait for their turn', async () => {
  const stop = await stage.hostWorker();
  const keys = Array.from({ length: RENDERS }, () => freshKey('starved'));
  await Promise.all(
    keys.map((key) => stage.renders.submitOnce(key, CARD, { renderTimeoutSeconds: TIMEOUT_SECONDS })),
  );
  const acceptedMs = Date.now();
  await stop();
  await stage.hostWorker({ RENDERONCE_PROVIDER_RPS: String(RPS) });

  const ends = await Promise.all(keys.map(async (key) => (await stage.renders.result(key)).status));
  expect(ends.filter((status) => status !== 'done')).toEqual([]);
  // The last checks did wait: far longer than the time of a render.
  expect(Date.now() - acceptedMs).toBeGreaterThan(1.5 * TIMEOUT_SECONDS * 1_000);
}, 120_000);

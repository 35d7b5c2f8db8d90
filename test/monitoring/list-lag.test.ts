import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { scrape, valueOf } from './exposition.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(() => stage.close());

test("a look measures the lag of the provider's list by the renders that its worker had accepted before", async () => {
  const { said } = await stage.startWorker({ RENDERONCE_WORKER_LISTEN: '127.0.0.1:0' });
  const lag = async (part: 'count' | 'sum'): Promise<number> =>
    valueOf(await scrape(String(said['url'])), `renderonce_list_lag_seconds_${part}`);
  await stage.renders.submitOnce(freshKey('known'), CARD);
  expect(await lag('count')).toBe(0);
  const key = freshKey('lost');
  await stage.fake.fault({ match: { call: 'create', key }, effect: { kind: 'reset-after' }, times: 1 });
  const lost = await stage.renders.submitOnce(key, CARD);

  expect(await stage.fake.movies(key)).toMatchObject([{ project: lost.project }]);
  expect(await lag('count')).toBe(1);
  // The first look comes 5 s after the lost reply.
  expect(await lag('sum')).toBeGreaterThan(4);
}, 60_000);

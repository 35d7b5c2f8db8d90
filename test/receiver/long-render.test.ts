import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

/** One safety check falls due before the webhook; set `LONG_RENDER_SECONDS=3000` to wait for 50 minutes. */
const RENDER_SECONDS = Number(process.env['LONG_RENDER_SECONDS'] ?? 64);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: RENDER_SECONDS } });
  await stage.hostReceiver();
  await stage.hostWorker();
});
afterAll(() => stage.close());

test(
  'a render of over a minute costs no more history than a short one: 20 events and 5 KB beside the movie',
  async () => {
    const key = freshKey('long');
    const video = await stage.renders.render(key, CARD);
    const handle = stage.client.workflow.getHandle(key);
    const [{ events }, { historySize = 0 }] = await Promise.all([handle.fetchHistory(), handle.describe()]);
    const gets = await stage.fake.requests({ call: 'status' });

    expect(video).toMatchObject({ status: 'done', key });
    expect(await stage.fake.movies(key)).toMatchObject([{ webhooks: [{ status: 200 }] }]);
    // The safety checks at 1, 3, 7, 12, 17 … minutes, and the one that confirms the webhook.
    expect(gets.length).toBeLessThanOrEqual(2 + Math.ceil(RENDER_SECONDS / 300));
    expect(events?.length).toBeLessThanOrEqual(20);
    expect(historySize - JSON.stringify(CARD).length).toBeLessThanOrEqual(5 * 1_024);
  },
  (RENDER_SECONDS + 120) * 1_000,
);

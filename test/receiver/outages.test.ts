import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ engine: 'disk', provider: { renderSeconds: 8 } });
});
afterAll(() => stage.close());

test('receiver killed, engine killed and restarted, all webhooks lost: every render still reaches its outcome', async () => {
  const receiver = await stage.startReceiver();
  await stage.startWorker();
  const keys = Array.from({ length: 8 }, (_, index) => freshKey(`outage-${index}`));
  await Promise.all(keys.map((key) => stage.renders.submitOnce(key, CARD)));
  receiver.kill('SIGKILL');
  await receiver.exit;
  await stage.engine.restart();
  const videos = await Promise.all(
    keys.map((key) =>
      until(`${key} is done`, () => stage.renders.result(key).catch(() => undefined), 150_000),
    ),
  );

  for (const [index, video] of videos.entries()) {
    expect(video).toMatchObject({ status: 'done', key: keys[index] });
    const movies = await stage.fake.movies(keys[index]);
    expect(movies).toHaveLength(1);
    expect(movies[0]?.webhooks.every((webhook) => webhook.status !== 200)).toBe(true);
  }
}, 200_000);

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultRuleInput } from 'json2video-local';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 4 } });
  await stage.hostReceiver();
  await stage.hostWorker();
});
afterAll(() => stage.close());

type WebhookEffect = Extract<FaultRuleInput['effect'], { kind: 'webhook' }>;

async function disturbWebhooks(key: string, effect: Omit<WebhookEffect, 'kind'>): Promise<void> {
  await stage.fake.fault({ match: { key }, effect: { kind: 'webhook', ...effect } });
}

async function historyOf(key: string) {
  const handle = stage.client.workflow.getHandle(key);
  const [history, description] = await Promise.all([handle.fetchHistory(), handle.describe()]);
  const events = history.events ?? [];
  return {
    events: events.length,
    bytes: description.historySize ?? 0,
    signals: events.filter((event) => event.workflowExecutionSignaledEventAttributes).length,
  };
}

async function getsOf(project: string): Promise<number> {
  const requests = await stage.fake.requests({ call: 'status' });
  return requests.filter((request) => request.project === project).length;
}

describe.concurrent('a render whose webhook comes', () => {
  test('costs one POST, one GET, at most 20 events and 5 KB of history beside the movie', async () => {
    const key = freshKey('budget');
    const video = await stage.renders.render(key, CARD);
    const { events, bytes, signals } = await historyOf(key);

    expect(video).toMatchObject({ status: 'done', key });
    expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
    expect(await getsOf(video.project)).toBe(1);
    expect(signals).toBe(1);
    expect(events).toBeLessThanOrEqual(20);
    expect(bytes - JSON.stringify(CARD).length).toBeLessThanOrEqual(5 * 1_024);
  });

  test('before the reply to the POST ends as soon as the provider says done', async () => {
    const key = freshKey('early');
    await disturbWebhooks(key, { action: 'early' });
    const video = await stage.renders.render(key, CARD);

    expect(video).toMatchObject({ status: 'done' });
    expect(await stage.fake.movies(key)).toMatchObject([{ webhooks: [{ status: 200 }] }]);
  });

  test('five times ends once, and the engine records the delivery once', async () => {
    const key = freshKey('duplicate');
    await disturbWebhooks(key, { action: 'duplicate', n: 5 });
    const video = await stage.renders.render(key, CARD);
    await until(
      'all deliveries are made',
      async () => (await stage.fake.movies(key))[0]?.webhooks.length === 5,
    );

    const [movie] = await stage.fake.movies(key);
    expect(movie?.webhooks.map((webhook) => webhook.status)).toEqual([200, 200, 200, 200, 200]);
    expect((await historyOf(key)).signals).toBe(1);
    expect(await getsOf(video.project)).toBe(1);
  });

  test('forged, right after acceptance, is not believed: the video is the one that the provider confirms', async () => {
    const key = freshKey('forged');
    await disturbWebhooks(key, { action: 'forge' });
    const video = await stage.renders.render(key, CARD);
    const [movie] = await stage.fake.movies(key);

    expect(video).toMatchObject({ status: 'done', project: movie?.project, durationSeconds: 5 });
    expect((await fetch(video.url)).status).toBe(200);
  });

  test('reordered with those of other renders ends each with its own video', async () => {
    const keys = [freshKey('order-a'), freshKey('order-b')];
    for (const key of keys) await disturbWebhooks(key, { action: 'reorder', n: 2, ms: 2_000 });
    const videos = await Promise.all(keys.map((key) => stage.renders.render(key, CARD)));

    for (const [index, video] of videos.entries()) {
      expect(video).toMatchObject({ status: 'done', key: keys[index] });
      expect(await stage.fake.movies(keys[index])).toMatchObject([{ project: video.project }]);
    }
  });

  test('late, after the render has ended, is acknowledged and changes nothing', async () => {
    const key = freshKey('late');
    const { project } = await stage.renders.submitOnce(key, CARD);
    await stage.renders.cancel(key);
    const ended = { code: 'RenderCancelled', project };
    await expect(stage.renders.result(key)).rejects.toMatchObject(ended);
    await until(
      'the late one is delivered',
      async () => (await stage.fake.movies(key))[0]?.webhooks.length === 1,
    );

    expect(await stage.fake.movies(key)).toMatchObject([{ webhooks: [{ status: 200 }] }]);
    await expect(stage.renders.result(key)).rejects.toMatchObject(ended);
  });

  test('with an error that lasts ends as failed, with the reason', async () => {
    const key = freshKey('failing');
    const broken = { scenes: [{ elements: [{ type: 'video' }] }] };
    const error = await stage.renders
      .render(key, broken, { errorGraceSeconds: 10 })
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      code: 'RenderFailed',
      message: expect.stringContaining("requires a 'src'"),
    });
  });
});

describe.concurrent('a render of which no webhook tells', () => {
  const untold = [
    ['was lost', { action: 'lose' }, 22],
    // One signal more, and the workflow task that it wakes.
    ['names another project', { action: 'wrong-project' }, 26],
  ] as const;

  test.each(untold)(
    'because it %s ends at the next safety check',
    async (_why, effect, events) => {
      const key = freshKey('untold');
      await disturbWebhooks(key, effect);
      const video = await stage.renders.render(key, CARD);

      expect(video).toMatchObject({ status: 'done', key });
      expect((await historyOf(key)).events).toBeLessThanOrEqual(events);
      expect(await getsOf(video.project)).toBe(1);
    },
    120_000,
  );

  test('because the caller wants none is polled, never faster than every 5 s', async () => {
    const key = freshKey('polled');
    const { project } = await stage.renders.render(key, CARD, { webhook: false });
    const requests = await stage.fake.requests({ call: 'status' });
    const times = requests
      .filter((request) => request.project === project)
      .map((request) => Date.parse(request.at));
    const [movie] = await stage.fake.movies(key);

    expect(movie?.webhooks).toEqual([]);
    const gaps = times.map((atMs, index) => atMs - (times[index - 1] ?? Date.parse(movie?.createdAt ?? '')));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4_900);
  });
});

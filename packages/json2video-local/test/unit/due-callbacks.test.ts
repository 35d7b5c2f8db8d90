import { describe, expect, test } from 'vitest';

import { afterKill, begin, freshDataFolders, ledgerText, restarted } from './data-folders.js';
import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { movieOf, releaseFakes, status, submit, until } from './support.js';

releaseFakes();
releaseReceivers();
freshDataFolders();

describe('callbacks that are due', () => {
  test('a callback that was not sent before a kill is sent after it, once', async () => {
    const receiver = await startReceiver();
    const late = { switches: { webhookDelivery: 'late' } } as const;
    const first = await begin(late);
    const project = await submit(first, movieOf('a', 5, exportsTo(receiver.url)));
    first.advance(60);
    const second = await afterKill(late);
    await first.close();
    await until(() => second.movies()[0]?.webhooks.length === 1);
    expect(JSON.parse(receiver.received[0]?.text ?? '')).toMatchObject({
      project,
      url: expect.stringContaining(second.url),
    });
    await until(() => ledgerText().includes('"exported"'));
    const third = await afterKill();
    await submit(third, movieOf('b', 6, exportsTo(receiver.url)));
    third.advance(60);
    await until(() => third.movies()[1]?.webhooks.length === 1);
    expect(receiver.received).toHaveLength(2);
  });

  test('only the destinations that were not served before a kill are served after it', async () => {
    const [done, due] = [await startReceiver(), await startReceiver()];
    const first = await begin();
    const destinations = [done, due].map(({ url }) => ({ type: 'webhook', endpoint: url }));
    due.reply = 'silent';
    await submit(first, movieOf('a', 5, { exports: [{ destinations }] }));
    first.advance(60);
    await until(() => due.received.length === 1);
    due.reply = { code: 200 };
    const second = await afterKill();
    await first.close();
    await until(() => due.received.length === 2);
    await until(() => second.movies()[0]?.webhooks.length === 2);
    expect(done.received).toHaveLength(1);
  });

  test('a render that waits for its callbacks is charged once, and ends after a kill', async () => {
    const receiver = await startReceiver();
    receiver.reply = 'silent';
    const waiting = { switches: { exportsPhase: 'before-done' } } as const;
    const picture = { type: 'image', model: 'flux-pro', prompt: 'cat', cache: false };
    const movie = { scenes: [{ duration: 5, elements: [picture] }], ...exportsTo(receiver.url) };
    const first = await begin({ ...waiting, credits: 100 });
    const project = await submit(first, movie);
    first.advance(60);
    await until(() => receiver.received.length === 1);
    expect((await status(first, project))['status']).toBe('running');
    receiver.reply = { code: 200 };
    const second = await afterKill({ ...waiting, credits: 100 });
    await until(() => second.movies()[0]?.status === 'done');
    expect(second.credits()).toEqual({ balance: 75, spent: 25, assets: 20 });
    expect((await restarted(second, { ...waiting, credits: 100 })).credits()).toEqual(second.credits());
  });
});

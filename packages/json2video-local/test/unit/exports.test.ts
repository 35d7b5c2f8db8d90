import { describe, expect, test } from 'vitest';

import type { FakeConnection, FakeJson2Video } from '../../src/index.js';
import type { Receiver } from './receiver.js';
import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { movieOf, releaseFakes, startFake, submit, until } from './support.js';

releaseFakes();
releaseReceivers();

const delivering = (...destinations: object[]): object => movieOf('a', 5, { exports: [{ destinations }] });

async function connected(more: Record<string, FakeConnection> = {}): Promise<[FakeJson2Video, Receiver]> {
  const receiver = await startReceiver();
  const headers = { authorization: 'Bearer 42' };
  const connections: Record<string, FakeConnection> = {
    'my-hook': { type: 'webhook', endpoint: `${receiver.url}/saved`, headers },
    'my-sftp': { type: 'sftp', host: 'files.test', username: 'me', password: 'secret' },
    ...more,
  };
  return [await startFake({ connections }), receiver];
}

describe('destinations by connection ID', () => {
  test('an ID stands for the saved endpoint, with its auth header', async () => {
    const [fake, receiver] = await connected();
    await submit(fake, delivering({ id: 'my-hook' }));
    fake.advance(60);
    await until(() => receiver.received.length === 1);
    const [{ path, headers } = { path: '', headers: {} }] = receiver.received;
    expect([path, headers.authorization]).toEqual(['/saved', 'Bearer 42']);
  });

  test('a field of the movie wins over the saved one', async () => {
    const [fake, receiver] = await connected();
    await submit(fake, delivering({ id: 'my-hook', endpoint: `${receiver.url}/inline` }));
    fake.advance(60);
    await until(() => receiver.received.length === 1);
    const [{ path, headers } = { path: '', headers: {} }] = receiver.received;
    expect([path, headers.authorization]).toEqual(['/inline', 'Bearer 42']);
  });

  test('an inline destination has no auth header', async () => {
    const [fake, receiver] = await connected();
    await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
    fake.advance(60);
    await until(() => receiver.received.length === 1);
    expect(receiver.received[0]?.headers.authorization).toBeUndefined();
  });
});

describe('several destinations', () => {
  test('uploads and emails are pretended, unusable ones say why, and the webhook among them is sent', async () => {
    const [fake, receiver] = await connected();
    await submit(
      fake,
      delivering(
        { id: 'my-sftp', file: '__yyyy__-__random__.mp4' },
        { id: 'nobody' },
        { type: 'ftp', host: 'files.test' },
        { type: 'webhook', endpoint: receiver.url },
        { type: 'webhook' },
        { type: 'email', to: 'a@b.test', subject: 'done', message: '__video_url__' },
        { type: 'pigeon' },
      ),
    );
    fake.advance(60);
    await until(() => fake.movies()[0]?.webhooks.length === 1);
    expect(fake.movies()[0]).toMatchObject({
      status: 'done',
      exports: [
        { type: 'sftp' },
        { type: 'unknown', problem: 'There is no connection "nobody"' },
        { type: 'ftp', problem: '"username" is required' },
        { type: 'webhook', problem: '"endpoint" is required' },
        { type: 'email' },
        { type: 'pigeon', problem: 'Unknown type of destination' },
      ],
    });
  });

  test('a failing webhook leaves the render as it is, and does not stop the next', async () => {
    const [fake, receiver] = await connected();
    const nobody = 'http://127.0.0.1:1/';
    await submit(fake, movieOf('a', 5, exportsTo(nobody, 'no URL', receiver.url)));
    fake.advance(60);
    await until(() => fake.movies()[0]?.webhooks.length === 3);
    expect(fake.movies()[0]).toMatchObject({ status: 'done', credits: 5 });
    expect(fake.movies()[0]?.webhooks.map(({ status }) => status)).toEqual([null, null, 200]);
  });
});

describe('time limits, real time', () => {
  test('a receiver that does not answer in time is recorded without a status, and with how long it took', async () => {
    const [fake, receiver] = [await startFake({ webhookTimeoutSeconds: 0.05 }), await startReceiver()];
    receiver.reply = 'silent';
    await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
    fake.advance(60);
    await until(() => fake.movies()[0]?.webhooks.length === 1);
    const [record] = fake.movies()[0]?.webhooks ?? [];
    expect(record).toMatchObject({ url: receiver.url, status: null });
    expect(record?.ms).toBeGreaterThanOrEqual(45);
  });

  test('all destinations have one limit together: the one under way is cut, the rest is given up', async () => {
    const [fake, receiver] = [await startFake({ exportSeconds: 0.1 }), await startReceiver()];
    receiver.reply = 'silent';
    await submit(fake, movieOf('a', 5, exportsTo(`${receiver.url}/one`, `${receiver.url}/two`)));
    fake.advance(60);
    await until(() => fake.movies()[0]?.webhooks.length === 1);
    receiver.reply = { code: 200 };
    await submit(fake, movieOf('b', 6, exportsTo(`${receiver.url}/three`)));
    fake.advance(60);
    await until(() => fake.movies()[1]?.webhooks.length === 1);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/one', '/three']);
  });
});

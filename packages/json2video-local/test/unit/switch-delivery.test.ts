import { describe, expect, test } from 'vitest';

import type { PositionCase } from './positions.js';
import { testPositions } from './positions.js';
import type { Receiver } from './receiver.js';
import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { movieOf, releaseFakes, startFake, status, submit, until } from './support.js';

releaseFakes();
releaseReceivers();

/** The keys of the movies that were called back, in the order of the callbacks. */
const keysOf = (receiver: Receiver): string[] =>
  receiver.received.map(({ text }) => /"key":"(\w+)"/.exec(text)?.[1] ?? '');

/** Two movies end one after the other; which callbacks come, and in which order? */
const arrive = (says: string, ...keys: string[]): PositionCase => [
  says,
  async (start) => {
    const [fake, receiver] = [await start({ renderSeconds: 10 }), await startReceiver()];
    await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
    fake.advance(5);
    await submit(fake, movieOf('b', 5, exportsTo(receiver.url)));
    fake.advance(60);
    await until(() => receiver.received.length === keys.length);
    return [keysOf(receiver).toSorted(), keys.toSorted()];
  },
];

describe('how callbacks are delivered', () => {
  testPositions('C18', 'webhookDelivery', {
    once: arrive('one attempt each', 'a', 'b'),
    twice: arrive('the same again', 'a', 'a', 'b', 'b'),
    lost: arrive('none at all'),
    late: [
      'a second after the end',
      async (start) => {
        const [fake, receiver] = [await start(), await startReceiver()];
        await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
        const startedMs = performance.now();
        fake.advance(60);
        await until(() => receiver.received.length === 1);
        return [performance.now() - startedMs >= 999, true];
      },
    ],
    early: [
      'before the submission is answered, and not again',
      async (start) => {
        const [fake, receiver] = [await start(), await startReceiver()];
        await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
        const early = [receiver.received.length, fake.movies()[0]?.status];
        fake.advance(60);
        await status(fake, fake.movies()[0]?.project ?? '');
        return [
          [...early, receiver.received.length],
          [1, 'pending', 1],
        ];
      },
    ],
    reorder: [
      'those of two movies in reverse',
      async (start) => {
        const [fake, receiver] = [await start(), await startReceiver()];
        for (const key of ['a', 'b']) await submit(fake, movieOf(key, 5, exportsTo(receiver.url)));
        fake.advance(60);
        await until(() => receiver.received.length === 2);
        return [keysOf(receiver), ['b', 'a']];
      },
    ],
    retry: [
      'up to three attempts until one is taken, all recorded',
      async (start) => {
        const [fake, receiver] = [await start(), await startReceiver()];
        receiver.reply = { code: 503 };
        await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
        fake.advance(60);
        await until(() => receiver.received.length === 2);
        receiver.reply = { code: 200 };
        await until(() => fake.movies()[0]?.webhooks.length === 3);
        return [fake.movies()[0]?.webhooks.map(({ status: code }) => code), [503, 503, 200]];
      },
    ],
  });

  test('C18: a rule goes before the switch, for the movies it is about', async () => {
    const [fake, receiver] = [
      await startFake({ switches: { webhookDelivery: 'twice' } }),
      await startReceiver(),
    ];
    fake.fault({ match: { key: 'a' }, effect: { kind: 'webhook', action: 'duplicate', n: 3 } });
    for (const key of ['a', 'b']) await submit(fake, movieOf(key, 5, exportsTo(receiver.url)));
    fake.advance(60);
    await until(() => receiver.received.length === 5);
    expect(keysOf(receiver).toSorted()).toEqual(['a', 'a', 'a', 'b', 'b']);
  });
});

const whenCalledBack = (says: string, shown: string): PositionCase => [
  says,
  async (start) => {
    const [fake, receiver] = [await start(), await startReceiver()];
    receiver.reply = 'silent';
    const project = await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
    fake.advance(60);
    await until(() => receiver.received.length === 1);
    const during = (await status(fake, project))['status'];
    receiver.hangUp();
    await until(() => fake.movies()[0]?.status === 'done');
    const { status: after, url } = await status(fake, project);
    return [
      [during, after, typeof url, fake.credits().spent],
      [shown, 'done', 'string', 5],
    ];
  },
];

describe('the moment of the callback', () => {
  testPositions('-', 'exportsPhase', {
    'after-done': whenCalledBack('the status is `done` when the callback lands', 'done'),
    'before-done': whenCalledBack('the status is still `running` when the callback lands', 'running'),
  });
});

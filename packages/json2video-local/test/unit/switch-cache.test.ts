import { describe } from 'vitest';

import type { FakeJson2Video } from '../../src/index.js';
import type { PositionCase } from './positions.js';
import { testPositions } from './positions.js';
import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { call, movieOf, releaseFakes, status, submit, until } from './support.js';

releaseFakes();
releaseReceivers();

/** Renders a movie, submits it again under another key, and reads both. */
async function twice(fake: FakeJson2Video): Promise<{ first: unknown; second: unknown; project: string }> {
  const one = await submit(fake, movieOf('a'));
  fake.advance(60);
  const project = await submit(fake, movieOf('b'));
  const second = await status(fake, project);
  return { first: (await status(fake, one))['url'], second: second['url'], project };
}

const shows = (says: string, isSame: boolean, isThereLater: boolean): PositionCase => [
  says,
  async (start) => {
    const fake = await start({ fixedClock: true });
    const { first, second, project } = await twice(fake);
    const file = await call(fake, String(second).slice(fake.url.length));
    fake.advance(120);
    const later = await status(fake, project);
    return [
      [first === second, file.code, later['status'], later['url'] !== null],
      [isSame, 200, 'done', isThereLater],
    ];
  },
];

const calls = (says: string, ...webhooks: number[]): PositionCase => [
  says,
  async (start) => {
    const [fake, receiver] = [await start(), await startReceiver()];
    for (const key of ['a', 'b']) {
      await submit(fake, movieOf(key, 5, exportsTo(receiver.url)));
      fake.advance(60);
    }
    const sent = (): number => fake.movies().reduce((sum, movie) => sum + movie.webhooks.length, 0);
    await until(() => sent() === webhooks.reduce((sum, one) => sum + one));
    return [fake.movies().map((movie) => movie.webhooks.length), webhooks];
  },
];

const costs = (says: string, ...credits: number[]): PositionCase => [
  says,
  async (start) => {
    const fake = await start();
    await twice(fake);
    return [fake.movies().map((movie) => movie.credits), credits];
  },
];

describe('a movie that was rendered before', () => {
  testPositions('C19', 'cachedUrl', {
    same: shows('done on the first poll, with the old file', true, true),
    new: shows('done on the first poll, with a file of its own', false, true),
    'near-expiry': shows('done on the first poll, with the old file, which soon expires', true, false),
  });

  testPositions('C19', 'cachedWebhook', {
    sent: calls('is called back, too', 1, 1),
    none: calls('is not called back', 1, 0),
  });

  testPositions('C19', 'cachedCost', {
    free: costs('costs nothing', 5, 0),
    full: costs('costs what a render costs', 5, 5),
  });
});

describe('generated speech', () => {
  const voice = { type: 'voice', model: 'elevenlabs', voice: 'Bella', text: 'x'.repeat(450) };
  const charges = (says: string, assets: number): PositionCase => [
    says,
    async (start) => {
      const fake = await start();
      await submit(fake, { scenes: [{ duration: 5, elements: [voice] }] });
      fake.advance(60);
      return [fake.credits(), { balance: 100_000 - 5 - assets, spent: 5 + assets, assets }];
    },
  ];
  testPositions('-', 'voiceCreditsPerMinute', {
    0: charges('costs nothing, as in the newer price table', 0),
    60: charges('costs a credit a second, as in the older one', 30),
  });
});

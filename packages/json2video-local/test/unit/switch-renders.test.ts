import { describe, expect, test } from 'vitest';

import type { FakeJson2Video } from '../../src/index.js';
import type { PositionCase } from './positions.js';
import { replied, testPositions } from './positions.js';
import { movieOf, post, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

/** Submits a movie, lets `seconds` pass and reads these fields of it. */
async function later(
  fake: FakeJson2Video,
  movie: object,
  seconds: number,
  ...fields: string[]
): Promise<unknown[]> {
  const project = await submit(fake, movie);
  fake.advance(seconds);
  const shown = await status(fake, project);
  return fields.map((field) => shown[field]);
}

describe('when the contents of a movie are checked', () => {
  const broken = { scenes: [{ elements: [{ type: 'text', text: 'a' }, { type: 'video' }] }] };
  const message = "Scene #1 Element #2: The element type 'video' requires a 'src' property.";
  testPositions('C4', 'validation', {
    render: [
      'accepted with 200, and failed at render time for nothing, as observed live',
      async (start) => [
        await later(await start(), broken, 5, 'status', 'message', 'consumed_credits'),
        ['error', message, []],
      ],
    ],
    post: [
      'refused at once, as the guide says',
      async (start) => {
        const fake = await start();
        return [
          [replied(await post(fake, broken)), fake.movies()],
          [[400, { message }], []],
        ];
      },
    ],
  });
});

const hasSize = (says: string, ...size: number[]): PositionCase => [
  says,
  async (start) => [
    await later(await start(), movieOf('a', 1, { resolution: 'sd' }), 60, 'width', 'height'),
    size,
  ],
];

describe('the result of a render', () => {
  const uhd = { ...movieOf('a', 2.5), width: 3840, height: 2160 };
  const costs = (says: string, credits: number): PositionCase => [
    says,
    async (start) => {
      const fake = await start();
      await later(fake, uhd, 60);
      await later(fake, movieOf('b', 2.5), 60);
      return [fake.movies().map((movie) => movie.credits), [credits, 3]];
    },
  ];
  testPositions('C9', 'creditsPerSecond4k', {
    1: costs('4K costs no more than anything else', 3),
    4: costs('4K costs four times as much', 12),
  });

  testPositions('C12', 'sdSize', {
    '640x360': hasSize('as the official node labels it', 640, 360),
    '640x480': hasSize('as observed live', 640, 480),
  });

  const empty = { scenes: [{ elements: [] }] };
  testPositions('C13', 'emptyMovie', {
    error: [
      'fails as in the error catalogue',
      async (start) => [
        await later(await start(), empty, 60, 'status', 'message', 'url'),
        ['error', 'Movie duration cannot be zero', null],
      ],
    ],
    clip: [
      'five seconds of black in 360p, as the first tutorial says',
      async (start) => [
        await later(await start(), empty, 60, 'status', 'duration', 'width', 'height'),
        ['done', 5, 640, 360],
      ],
    ],
  });

  test('C16: `draft` is accepted and ignored: same length, same price, nothing about it in the reply', async () => {
    const fake = await startFake({ cache: false });
    const fields = ['status', 'duration', 'draft'];
    for (const draft of [undefined, true, false]) {
      const seen = await later(fake, movieOf('a', 3, { draft }), 60, ...fields);
      expect(seen).toEqual(['done', 3, undefined]);
    }
    expect(fake.movies().map((movie) => movie.credits)).toEqual([3, 3, 3]);
  });

  test('C22: quality changes the time, not the price', async () => {
    const fake = await startFake({ fixedClock: true });
    const times: unknown[] = [];
    for (const quality of ['low', 'medium', 'high']) {
      times.push(...(await later(fake, movieOf('a', 30, { quality }), 60, 'rendering_time')));
    }
    expect(fake.movies().map((movie) => movie.credits)).toEqual([30, 30, 30]);
    expect(times).toEqual([8, 13, 18]);
  });
});

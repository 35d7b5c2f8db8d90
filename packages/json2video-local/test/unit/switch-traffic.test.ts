import { describe, expect, test } from 'vitest';

import type { FakeJson2Video } from '../../src/index.js';
import type { PositionCase } from './positions.js';
import { replied, testPositions } from './positions.js';
import { call, movieOf, post, releaseFakes, startFake, submit } from './support.js';

releaseFakes();

const limits = (says: string, code: number, text: string, retryAfter?: string): PositionCase => [
  says,
  async (start) => {
    const fake = await start({ switches: { requestsPerMinute: 2 }, fixedClock: true });
    await submit(fake);
    await call(fake, '/v2/templates');
    const third = await call(fake, '/v2/templates');
    fake.advance(30);
    const later = await call(fake, '/v2/templates');
    return [
      [third.code, code === 200 ? '' : third.text, third.headers['retry-after'], later.code],
      [code, text, retryAfter, 200],
    ];
  },
];

describe('too many requests', () => {
  const json = '{"success":false,"message":"Too many requests"}';
  testPositions('C3', 'rateLimit', {
    off: limits('request speed is not capped', 200, ''),
    json: limits('429 with JSON', 429, json),
    'json-retry-after': limits('429 with JSON and Retry-After', 429, json, '30'),
    empty: limits('429 without a body', 429, ''),
    'empty-retry-after': limits('429 without a body, but with Retry-After', 429, '', '30'),
  });

  testPositions('C3', 'requestsPerMinute', {
    1: [
      'this many requests pass; files do not count; nothing is accepted above it',
      async (start) => {
        const fake = await start({ switches: { rateLimit: 'empty' }, fixedClock: true });
        await submit(fake);
        const second = await post(fake, movieOf('b'));
        const file = await call(fake, '/clients/a/renders/b.mp4');
        return [
          [second.code, file.code, fake.movies().length],
          [429, 404, 1],
        ];
      },
    ],
  });
});

describe('a 5xx on POST', () => {
  const body = { error: 'Error starting subprocess' };
  test.each([
    ['nothing by default', {}, 0],
    ['nothing with accept: false', { accept: false }, 0],
    ['a movie with accept: true', { accept: true }, 1],
  ])('C17: a 5xx created %s', async (_, accept, movies) => {
    const fake = await startFake();
    fake.fault({ match: { call: 'create' }, effect: { kind: 'status', code: 500, body, ...accept } });
    const answer = await post(fake, movieOf('a'));
    expect([replied(answer), fake.movies().length]).toEqual([[500, body], movies]);
  });
});

const counted = async (fake: FakeJson2Video): Promise<number> =>
  (await call(fake, '/v2/movies')).text.split('"project"').length - 1;

describe('read-after-write lag', () => {
  testPositions('-', 'statusLagSeconds', {
    5: [
      'the project of an accepted movie is unknown for so long',
      async (start) => {
        const fake = await start({ fixedClock: true });
        const path = `/v2/movies?project=${await submit(fake)}`;
        const early = await call(fake, path);
        fake.advance(5);
        return [
          [early.code, (await call(fake, path)).code],
          [400, 200],
        ];
      },
    ],
  });

  testPositions('-', 'listLagSeconds', {
    60: [
      'an accepted movie is missing from the list for so long',
      async (start) => {
        const fake = await start({ fixedClock: true });
        await submit(fake);
        const early = await counted(fake);
        fake.advance(60);
        return [
          [early, await counted(fake)],
          [0, 1],
        ];
      },
    ],
  });
});

import { describe, expect, test } from 'vitest';

import type { PositionCase } from './positions.js';
import { testPositions } from './positions.js';
import { call, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

const shows = (says: string, running: unknown, thumbnail: string): PositionCase => [
  says,
  async (start) => {
    const fake = await start({ fixedClock: true, renderSeconds: 10 });
    const project = await submit(fake);
    fake.advance(4);
    const { progress } = await status(fake, project);
    fake.advance(60);
    const done = await status(fake, project);
    return [
      [progress, typeof done['thumbnail'], done['progress']],
      [running, thumbnail, undefined],
    ];
  },
];

const saysOf = (says: string, before: unknown): PositionCase => [
  says,
  async (start) => {
    const fake = await start({ fixedClock: true });
    const project = await submit(fake);
    const { success } = await status(fake, project);
    fake.advance(60);
    return [
      [success, (await status(fake, project))['success']],
      [before, true],
    ];
  },
];

const ordered = (says: string, isReversed: boolean): PositionCase => [
  says,
  async (start) => {
    const fake = await start();
    const projects = [await submit(fake), await submit(fake), await submit(fake)];
    const paged: string[] = [];
    let token = '';
    for (let page = 0; page < 3; page += 1) {
      const { text } = await call(fake, `/v2/movies?limit=1&next_token=${token}`);
      token = /"next_token":"([^"]+)"/.exec(text)?.[1] ?? '';
      paged.push(/"project":"(\w+)"/.exec(text)?.[1] ?? '');
    }
    return [
      [paged, token],
      [isReversed ? projects.toReversed() : projects, ''],
    ];
  },
];

describe('the status reply of a render', () => {
  testPositions('C10', 'progress', {
    absent: shows('neither progress nor thumbnail, as in the reference', undefined, 'undefined'),
    present: shows('both, as in two guides', 33, 'string'),
  });

  testPositions('-', 'successBeforeEnd', {
    false: saysOf('false until the movie is done', false),
    absent: saysOf('left out until the movie is done', undefined),
  });

  testPositions('-', 'listOrder', {
    'newest-first': ordered('the last one accepted comes first, page by page', true),
    'oldest-first': ordered('the first one accepted comes first, page by page', false),
  });
});

const becomes = (says: string, ...then: unknown[]): PositionCase => [
  says,
  async (start) => {
    const fake = await start({ fixedClock: true, renderSeconds: 1200 });
    const project = await submit(fake);
    fake.advance(902);
    const before = await status(fake, project);
    fake.advance(300);
    const after = await status(fake, project);
    return [
      [before['status'], after['status'], after['message'], fake.credits().spent],
      ['timeout', ...then],
    ];
  },
];

describe('a render that takes longer than 15 minutes', () => {
  testPositions('C15', 'afterTimeout', {
    done: becomes('is done later', 'done', '', 5),
    error: becomes('fails later, for nothing', 'error', 'Movie took too long to render', 0),
    never: becomes('stays as it is', 'timeout', '', 0),
  });

  test('C15: one that never ends goes on when the switch is put back', async () => {
    const fake = await startFake({
      fixedClock: true,
      renderSeconds: 1200,
      switches: { afterTimeout: 'never' },
    });
    const project = await submit(fake);
    fake.advance(2000);
    fake.setSwitches({ afterTimeout: 'done' });
    expect((await status(fake, project))['status']).toBe('done');
  });
});

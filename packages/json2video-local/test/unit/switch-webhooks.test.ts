import { describe } from 'vitest';

import type { CalledBack } from './called-back.js';
import { BROKEN, calledBack, CLIENT_DATA, DONE, flat } from './called-back.js';
import type { PositionCase } from './positions.js';
import { testPositions } from './positions.js';
import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { releaseFakes, submit, until } from './support.js';

releaseFakes();
releaseReceivers();

const without = (object: object, ...names: string[]): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

const carries = (says: string, wanted: (back: CalledBack) => object): PositionCase => [
  says,
  async (start) => {
    const back = await calledBack(start, DONE);
    return [back.body, wanted(back)];
  },
];

describe('the callback about a finished movie', () => {
  testPositions('C5', 'webhookPayload', {
    P1: carries('flat, numbers as strings, no status', flat),
    'P1-status': carries('flat, with success, status and message', (back) => ({
      ...flat(back),
      success: true,
      status: 'done',
      message: '',
    })),
    'P1-extra': carries('flat, with keys that nobody knows', (back) => ({
      ...flat(back),
      event: 'movie.completed',
      meta: { attempt: 1, tags: ['new'] },
    })),
    P2: carries('an envelope like the status reply', ({ project, url, size }) => ({
      success: true,
      movie: {
        project,
        status: 'done',
        url,
        thumbnail: url.replace('.mp4', '.png'),
        duration: 2.5,
        size: Number(size),
        'client-data': CLIENT_DATA,
      },
    })),
    P3: carries('flat, with a status and numbers', ({ project, url, size }) => ({
      project,
      status: 'done',
      url,
      duration: 2.5,
      size: Number(size),
      'client-data': CLIENT_DATA,
    })),
    P4: carries('flat, without client-data', (back) => without(flat(back), 'client-data')),
    'P4-no-id': carries('flat, without client-data and id', (back) =>
      without(flat(back), 'client-data', 'id'),
    ),
  });
});

const message = 'Movie duration cannot be zero';

describe('the callback about a failed movie', () => {
  testPositions('C7', 'failedWebhook', {
    P3: [
      'status and message in place of the URL',
      async (start) => {
        const { body, project } = await calledBack(start, BROKEN);
        return [body, { project, status: 'error', message, 'client-data': CLIENT_DATA }];
      },
    ],
    same: [
      'the shape of the other callbacks, without a URL',
      async (start) => {
        const failed = { status: 'error', message, 'client-data': CLIENT_DATA };
        const seen: unknown[] = [];
        const wanted: unknown[] = [];
        for (const webhookPayload of ['P1', 'P1-status', 'P2', 'P3'] as const) {
          const back = await calledBack(start, BROKEN, undefined, { switches: { webhookPayload } });
          const { project } = back;
          const p1 = { ...without(flat(back), 'url'), duration: '0' };
          seen.push(back.body);
          wanted.push(
            {
              P1: p1,
              'P1-status': { ...p1, success: false, status: 'error', message },
              P2: { success: true, movie: { project, ...failed } },
              P3: { project, ...failed },
            }[webhookPayload],
          );
        }
        return [seen, wanted];
      },
    ],
    none: [
      'none is sent',
      async (start) => {
        const [fake, receiver] = [await start(), await startReceiver()];
        await submit(fake, { ...BROKEN, ...exportsTo(receiver.url) });
        await submit(fake, { ...DONE, ...exportsTo(receiver.url) });
        fake.advance(60);
        await until(() => fake.movies().some(({ webhooks }) => webhooks.length > 0));
        return [fake.movies().map(({ webhooks }) => webhooks.length), [0, 1]];
      },
    ],
  });
});

import { describe, expect, test } from 'vitest';

import type { PositionCase } from './positions.js';
import { replied, testPositions } from './positions.js';
import { call, movieOf, post, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

const UNKNOWN = 'AAAAAAAAAAAAAAAA';
const TEMPLATE = 'AAAAAAAAAAAAAAAAAAAA';

const badKeyAnswers = (says: string, code: number): PositionCase => [
  says,
  async (start) => {
    const fake = await start();
    const wrong = [
      await post(fake, movieOf('a'), { apiKey: 'nope' }),
      await call(fake, '/v2/movies', { apiKey: 'nope' }),
      await call(fake, '/v2/templates', { apiKey: 'nope' }),
    ];
    const missing = await call(fake, '/v2/movies', { apiKey: null });
    const invalid = [code, { success: false, message: 'Error: Invalid API Key' }];
    return [
      { wrong: wrong.map(replied), missing: replied(missing), movies: fake.movies() },
      {
        wrong: [invalid, invalid, invalid],
        missing: [code, { success: false, message: 'Error: API Key not provided' }],
        movies: [],
      },
    ];
  },
];

describe('a wrong or missing key', () => {
  testPositions('C1', 'badKey', {
    400: badKeyAnswers('as observed live', 400),
    401: badKeyAnswers('as the troubleshooting page says', 401),
    403: badKeyAnswers('as the endpoints page says', 403),
  });
});

const bodyRefuses = (says: string, body: object): PositionCase => [
  says,
  async (start) => [replied(await post(await start(), '')), [400, body]],
];

describe('the body of a refused submission', () => {
  const message = 'No movie JSON received';
  testPositions('C2', 'refusalBody', {
    message: bodyRefuses('{message}, without success', { message }),
    'message-code': bodyRefuses('{message, code}', { message, code: 'E1002' }),
    envelope: bodyRefuses('{success:false, message}', { success: false, message }),
    error: bodyRefuses('{error}', { error: message }),
  });

  test('C2: other calls keep the documented envelope in every position', async () => {
    const fake = await startFake({ switches: { refusalBody: 'error' } });
    const { json } = await call(fake, '/v2/movies?limit=0');
    expect(json).toEqual({ success: false, message: 'limit must be between 1 and 100' });
  });
});

const leaked = {
  success: false,
  message: "TypeError: Cannot read properties of null (reading 'success')",
};

const unknownAnswers = (says: string, read: unknown[], removed: unknown[] = [400, leaked]): PositionCase => [
  says,
  async (start) => {
    const fake = await start({ credits: 1807 });
    const path = `/v2/movies?project=${UNKNOWN}`;
    const seen = [await call(fake, path), await call(fake, path, { method: 'DELETE' })];
    return [seen.map(replied), [read, removed]];
  },
];

describe('the status of an unknown project', () => {
  const quota = { success: true, remaining_quota: { time: 1807 } };
  const message = `Movie ${UNKNOWN} not found`;
  const failed = { success: false, status: 'error', message, project: UNKNOWN };
  const clean = [404, { success: false, message }];
  testPositions('C11', 'unknownProject', {
    400: unknownAnswers('the leaked server error, as observed live', [400, leaked]),
    404: unknownAnswers('as the table of the docs says', clean, clean),
    empty: unknownAnswers('200 with an empty movie', [200, { ...quota, movie: {} }]),
    missing: unknownAnswers('200 without a movie', [200, quota]),
    error: unknownAnswers('200 with a failed movie', [200, { ...quota, movie: failed }]),
  });
});

const templateRefuses = (says: string, code: number, message: string): PositionCase => [
  says,
  async (start) => {
    const fake = await start();
    const render = await post(fake, { template: TEMPLATE });
    const read = await call(fake, `/v2/templates?id=${TEMPLATE}`);
    return [
      [replied(render), replied(read), fake.movies()],
      [[code, { message }], [code, { success: false, message }], []],
    ];
  },
];

describe('an unknown template', () => {
  const message = `Template ${TEMPLATE} not found`;
  testPositions('C14', 'unknownTemplate', {
    400: templateRefuses('named, as observed live for reads', 400, message),
    404: templateRefuses('as the docs say', 404, 'Template not found'),
    render: [
      'accepted, and failed while rendering, for nothing',
      async (start) => {
        const fake = await start();
        const project = await submit(fake, { template: TEMPLATE });
        fake.advance(10);
        const shown = await status(fake, project);
        const { code } = await call(fake, `/v2/templates?id=${TEMPLATE}`);
        return [
          [shown['status'], shown['message'], fake.credits().spent, code],
          ['error', message, 0, 400],
        ];
      },
    ],
  });
});

const creditRefuses = (says: string, code: number, message: string): PositionCase => [
  says,
  async (start) => {
    const fake = await start({ credits: 0 });
    const refused = await post(fake, movieOf('a'));
    fake.addCredits(5);
    return [
      [replied(refused), (await post(fake, movieOf('a'))).code],
      [[code, { message }], 200],
    ];
  },
];

describe('a submission without credits', () => {
  const legacy = 'You exceeded the quota of movies in your plan. Please upgrade your plan to continue.';
  testPositions('C21', 'noCredits', {
    400: creditRefuses('refused at once, until some are bought', 400, 'Insufficient credits'),
    401: creditRefuses('refused in the words of the older plans', 401, legacy),
    render: [
      'accepted, and failed at the end of the render',
      async (start) => {
        const fake = await start({ credits: 0 });
        const project = await submit(fake);
        fake.advance(60);
        const { status: shown, message } = await status(fake, project);
        return [
          [shown, message, fake.credits()],
          ['error', 'You exceeded the quota of time in your plan', { balance: 0, spent: 0, assets: 0 }],
        ];
      },
    ],
  });
});

describe('top-level fields without documentation', () => {
  testPositions('-', 'unknownKeys', {
    ignored: [
      'client_data with an underscore is accepted, and not echoed',
      async (start) => {
        const fake = await start();
        const project = await submit(fake, {
          ...movieOf('a', 5, { client_data: { a: 1 } }),
          'client-data': undefined,
        });
        return [(await status(fake, project))['client-data'], {}];
      },
    ],
    refused: [
      'the field is named',
      async (start) => [
        replied(await post(await start(), movieOf('a', 5, { client_data: {} }))),
        [400, { message: "Property 'client_data' is not allowed in movie" }],
      ],
    ],
  });
});

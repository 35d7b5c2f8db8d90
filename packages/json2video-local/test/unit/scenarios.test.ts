import { describe, expect, test } from 'vitest';

import type { FakeJson2Video, ScenarioName } from '../../src/index.js';
import { scenarioList } from '../../src/index.js';
import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { call, failureOf, movieOf, post, releaseFakes, startFake, status, submit, until } from './support.js';

releaseFakes();
releaseReceivers();

const inScenario = (...scenarios: ScenarioName[]): Promise<FakeJson2Video> =>
  startFake({ scenarios, fixedClock: true, seed: 1 });

/** What so many status polls show, 30 seconds apart. */
async function polled(fake: FakeJson2Video, project: string, polls: number): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let poll = 0; poll < polls; poll += 1) {
    seen.push((await status(fake, project))['status']);
    fake.advance(30);
  }
  return seen;
}

/** The callbacks that arrive for one movie, once it is over. */
async function callbacks(fake: FakeJson2Video, movie: object, wanted: number): Promise<number> {
  const receiver = await startReceiver();
  await submit(fake, { ...movie, ...exportsTo(receiver.url) });
  fake.advance(60);
  await until(() => receiver.received.length >= wanted);
  return receiver.received.length;
}

const BROKEN = { scenes: [] };

/** What each scenario does; the type asks for all of them. */
const CHECKS: Record<ScenarioName, (fake: FakeJson2Video) => Promise<readonly [unknown, unknown]>> = {
  'lost-reply': async (fake) => [
    [await failureOf(post(fake, movieOf('a'))), (await post(fake, movieOf('a'))).code, fake.movies().length],
    ['ECONNRESET', 200, 2],
  ],
  'double-charge': async (fake) => {
    const [first, second] = [await post(fake, movieOf('a')), await post(fake, movieOf('a'))];
    return [
      [first.code, first.json, second.code, fake.movies().length],
      [500, { error: 'Error starting subprocess' }, 200, 2],
    ];
  },
  'late-accept': async (fake) => {
    const leaving = new AbortController();
    const calling = failureOf(post(fake, movieOf('a'), { signal: leaving.signal }));
    await until(() => fake.requests()[0]?.fault !== undefined);
    leaving.abort();
    await calling;
    return [
      [fake.movies().length, (await post(fake, movieOf('b'))).code],
      [0, 200],
    ];
  },
  'lost-webhooks': async (fake) => [await callbacks(fake, movieOf('a'), 0), 0],
  'early-webhooks': async (fake) => {
    const receiver = await startReceiver();
    await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
    return [receiver.received.length, 1];
  },
  'silent-failures': async (fake) => [
    [await callbacks(fake, BROKEN, 0), await callbacks(fake, movieOf('a'), 1)],
    [0, 1],
  ],
  'webhook-storm': async (fake) => [await callbacks(fake, movieOf('a'), 6), 6],
  'brief-error': async (fake) => [
    await polled(fake, await submit(fake), 5),
    ['running', 'error', 'running', 'done', 'done'],
  ],
  'timeout-then-done': async (fake) => [
    await polled(fake, await submit(fake), 4),
    ['running', 'timeout', 'timeout', 'done'],
  ],
  'gone-file': async (fake) => {
    const { status: shown, url } = await status(fake, await submit(fake));
    return [
      [shown, url],
      ['done', null],
    ];
  },
  'no-credits': async (fake) => {
    const refused = await post(fake, movieOf('a'));
    fake.clearFaults();
    return [
      [refused.code, refused.json, (await post(fake, movieOf('a'))).code],
      [400, { message: 'Insufficient credits' }, 200],
    ];
  },
  'bad-key': async (fake) => {
    const answers = [await post(fake, movieOf('a')), await call(fake, '/v2/templates')];
    return [answers.map(({ code }) => code), [400, 400]];
  },
  'rate-limited': async (fake) => {
    for (let sent = 0; sent < 20; sent += 1) await call(fake, '/v2/templates');
    const refused = await post(fake, movieOf('a'));
    return [
      [refused.code, refused.headers['retry-after']],
      [429, '3'],
    ];
  },
  'slow-provider': async (fake) => {
    const leaving = new AbortController();
    const calling = failureOf(call(fake, '/v2/movies', { signal: leaving.signal }));
    await until(() => fake.requests()[0]?.fault !== undefined);
    const isOpen = fake.requests()[0]?.ms === 0;
    leaving.abort();
    return [
      [isOpen, await calling],
      [true, 'ABORT_ERR'],
    ];
  },
  'list-lag': async (fake) => {
    const path = `/v2/movies?project=${await submit(fake)}`;
    const early = [
      (await call(fake, path)).code,
      (await call(fake, '/v2/movies')).text.includes('"count":0'),
    ];
    fake.advance(60);
    const late = [(await call(fake, path)).code, (await call(fake, '/v2/movies')).text.includes('"count":1')];
    return [
      [early, late],
      [
        [400, true],
        [200, true],
      ],
    ];
  },
  'flaky-network': async (fake) => {
    let broken = 0;
    for (let sent = 0; sent < 100; sent += 1) {
      const code = await call(fake, '/v2/templates').then(
        (answer) => answer.code,
        () => 0,
      );
      if (code !== 200) broken += 1;
    }
    return [broken > 5 && broken < 40, true];
  },
};

describe('scenarios', () => {
  test.each(scenarioList())('$name: $about', async ({ name }) => {
    const check = Object.entries(CHECKS).find(([scenario]) => scenario === name)?.[1];
    const [seen, wanted] = (await check?.(await inScenario(name))) ?? [];
    expect(seen).toEqual(wanted);
    expect(wanted).toBeDefined();
  });

  test('several together, and at run time, by the handle and by the control route', async () => {
    const fake = await inScenario('no-credits', 'lost-webhooks');
    expect((await post(fake, movieOf('a'))).code).toBe(400);
    expect(fake.switches().webhookDelivery).toBe('lost');
    fake.clearFaults();
    const ids = fake.scenario('brief-error');
    expect(await polled(fake, await submit(fake), 2)).toEqual(['running', 'error']);
    const answer = await call(fake, '/_fake/scenarios/lost-reply', { method: 'POST' });
    expect(answer.json).toEqual({ faults: [expect.stringMatching(/^fault-/)] });
    expect(ids).toHaveLength(1);
    expect(await failureOf(post(fake, movieOf('b')))).toBe('ECONNRESET');
    expect((await call(fake, '/_fake/scenarios/nonsense', { method: 'POST' })).code).toBe(404);
    expect((await call(fake, '/_fake/scenarios')).json).toEqual({ scenarios: scenarioList() });
  });

  test('switches of the options go before those of a scenario', async () => {
    const fake = await startFake({ scenarios: ['rate-limited'], switches: { requestsPerMinute: 5 } });
    expect(fake.switches()).toMatchObject({ rateLimit: 'json-retry-after', requestsPerMinute: 5 });
  });
});

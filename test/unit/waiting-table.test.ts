import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeReading, type Reading } from '../../src/render/reading.js';
import {
  type CheckPlan,
  type Suspect,
  endingOf,
  firstDelayMs,
  graceMs,
  verdictOf,
  nextCheck,
} from '../../src/render/waiting.js';
import { readings, SAYS, VIDEO } from './readings.js';

const watch = (pollSeconds: number, webhook = false): CheckPlan => ({ for: 'watch', pollSeconds, webhook });
const suspect = (about: Suspect): CheckPlan => ({ for: 'suspect', about, graceMs: graceMs(about, 60) });

/** Returns the seconds at which a check asks, for up to `count` requests, and its result if it has one. */
function run(plan: CheckPlan, count: number, answer: Reading | ((second: number) => Reading)) {
  const askedAt: number[] = [];
  let elapsedMs = firstDelayMs(plan);
  for (let attempt = 2; attempt < count + 2; attempt += 1) {
    const second = elapsedMs / 1_000;
    askedAt.push(second);
    const reading = typeof answer === 'function' ? answer(second) : answer;
    const next = nextCheck(reading, plan, { attempt, elapsedMs });
    if (next.do === 'return') return { askedAt, returned: reading };
    elapsedMs += next.afterMs;
  }
  return { askedAt };
}

const delaySeconds = (...[reading, plan, made]: Parameters<typeof nextCheck>): number => {
  const next = nextCheck(reading, plan, made);
  return next.do === 'repeat' ? next.afterMs / 1_000 : 0;
};

/** 5, 10, 15 and so on. */
const every5Seconds = (until: number): number[] =>
  Array.from({ length: until / 5 }, (_, index) => (index + 1) * 5);

describe('`pending`, `running`, unknown status: still rendering', () => {
  test('a render is asked for every pollSeconds, and after a minute every 10 s', () => {
    expect(run(watch(5), 15, SAYS.rendering).askedAt).toEqual([...every5Seconds(60), 70, 80, 90]);
    expect(run(watch(7), 11, SAYS.rendering).askedAt).toEqual([7, 14, 21, 28, 35, 42, 49, 56, 63, 73, 83]);
  });

  test('a pollSeconds above 10 s is kept after the minute', () => {
    expect(run(watch(45), 4, SAYS.rendering).askedAt).toEqual([45, 90, 135, 180]);
    expect(run(watch(900), 3, SAYS.rendering).askedAt).toEqual([900, 1_800, 2_700]);
  });

  test.each([5, 900])(
    'with webhooks the gaps are 60 s, doubling to 5 min, for any pollSeconds (%i)',
    (poll) => {
      expect(run(watch(poll, true), 6, SAYS.rendering).askedAt).toEqual([60, 180, 420, 720, 1_020, 1_320]);
    },
  );

  test('no number of attempts makes the safety net rarer than 5 min', () => {
    for (const attempt of [4, 5, 100, 2_000, Number.MAX_SAFE_INTEGER]) {
      expect(delaySeconds(SAYS.rendering, watch(5, true), { attempt, elapsedMs: 0 })).toBe(300);
    }
  });

  test('a repetition reports the status and the progress', () => {
    expect(nextCheck(SAYS.rendering, watch(5), { attempt: 2, elapsedMs: 5_000 })).toEqual({
      do: 'repeat',
      afterMs: 5_000,
      message: 'running 42 %',
    });
  });

  test('after a hint the check asks every 5 s, also if the provider reports a timeout', () => {
    expect(run({ for: 'hint' }, 12, SAYS.rendering).askedAt).toEqual(every5Seconds(60));
    expect(run({ for: 'hint' }, 12, SAYS.timeout).askedAt).toEqual(every5Seconds(60));
  });
});

describe('`done` with a URL: outcome `done`', () => {
  test.each<[string, CheckPlan]>([
    ['the watch', watch(5)],
    ['the safety net', watch(5, true)],
    ['the check after a hint', { for: 'hint' }],
    ['the check of an error', suspect('error')],
    ['the check of a missing project', suspect('missing')],
  ])('it ends %s at once', (_, plan) => {
    expect(run(plan, 9, SAYS.done)).toMatchObject({ askedAt: { length: 1 }, returned: SAYS.done });
  });

  test('the ending carries the video', () => {
    expect(verdictOf(SAYS.done)).toEqual({ is: 'ended', ending: { status: 'done', video: VIDEO } });
  });
});

describe.each([
  ['`done` without a URL: check again for 60 s, then', 'gone', 60, 'the file is gone'],
  ['`error`: every 5 s for errorGraceSeconds, then', 'error', 60, SAYS.error.message],
  ['400 "unknown project": check again for 10 minutes, then', 'missing', 600, 'project not found'],
] as const)('%s outcome `failed`', (_, about, graceSeconds, message) => {
  test('no check takes the first such reading for an ending', () => {
    expect(verdictOf(SAYS[about])).toEqual({ is: 'suspect', about });
    for (const plan of [watch(5), watch(5, true), { for: 'hint' } as const]) {
      expect(run(plan, 9, SAYS[about])).toMatchObject({ askedAt: { length: 1 }, returned: SAYS[about] });
    }
  });

  test('it is asked again every 5 s until the grace is over, and then believed', () => {
    expect(run(suspect(about), 500, SAYS[about])).toEqual({
      askedAt: every5Seconds(graceSeconds),
      returned: SAYS[about],
    });
    const paid = about === 'error' ? {} : { mayBePaid: true };
    expect(endingOf(SAYS[about])).toEqual({ status: 'failed', message, ...paid });
  });

  test.each(['rendering', 'timeout', 'done'] as const)(
    'a suspect reading that passes to %s is returned at once',
    (says) => {
      const answer = (second: number) => (second < 20 ? SAYS[about] : SAYS[says]);
      expect(run(suspect(about), 500, answer)).toEqual({ askedAt: [5, 10, 15, 20], returned: SAYS[says] });
    },
  );

  test.each((['gone', 'error', 'missing'] as const).filter((other) => other !== about))(
    'a suspect reading that changes to %s is returned at once, so that the other grace begins',
    (other) => {
      const answer = (second: number) => (second < 20 ? SAYS[about] : SAYS[other]);
      expect(run(suspect(about), 500, answer)).toMatchObject({
        askedAt: { length: 4 },
        returned: SAYS[other],
      });
    },
  );

  test('a provider that cannot be read when the grace ends neither confirms the reading nor ends it', () => {
    const answer = (second: number) => (second < graceSeconds ? SAYS[about] : SAYS.unreadable);
    const { askedAt, returned } = run(suspect(about), 500, answer);
    expect(returned).toBeUndefined();
    expect(askedAt.at(-1)).toBeGreaterThan(graceSeconds + 1_000);
  });
});

test('the grace of an error is the caller’s, those of a missing file and project are not', () => {
  expect([10, 60, 86_400].map((seconds) => graceMs('error', seconds))).toEqual([10_000, 60_000, 86_400_000]);
  for (const seconds of [10, 86_400]) {
    expect(graceMs('gone', seconds)).toBe(60_000);
    expect(graceMs('missing', seconds)).toBe(600_000);
  }
});

describe('`timeout`: still rendering, slow cadence', () => {
  test.each<[string, CheckPlan]>([
    ['without', watch(5)],
    ['with', watch(5, true)],
  ])('%s webhooks it doubles from 60 s to 5 min with the time waited', (_, plan) => {
    const delays = [10, 900, 1_800, 3_600, 4_500, 600_000].map((seconds) =>
      delaySeconds(SAYS.timeout, plan, { attempt: 9, elapsedMs: seconds * 1_000 }),
    );
    expect(delays).toEqual([60, 60, 120, 240, 300, 300]);
  });

  test('it is no ending, since it may yet become done', () => {
    expect(verdictOf(SAYS.timeout)).toEqual({ is: 'rendering' });
    const late = (second: number) => (second < 3_000 ? SAYS.timeout : SAYS.done);
    expect(run(watch(5, true), 99, late).returned).toEqual(SAYS.done);
  });
});

describe('any other 4xx, bad key, 5xx, 429, network: check again with back-off', () => {
  test.each<[string, CheckPlan, number]>([
    ['the watch', watch(5), 10],
    ['the check after a hint', { for: 'hint' }, 10],
    ['the check of a suspect reading', suspect('error'), 10],
    ['the safety net', watch(5, true), 240],
  ])('%s waits twice as long, longer where Retry-After says so, and never above 5 min', (_, plan, twice) => {
    const after = (retryAfterMs: number) =>
      delaySeconds({ ...SAYS.unreadable, retryAfterMs }, plan, { attempt: 2, elapsedMs: 5_000 });
    expect(delaySeconds(SAYS.unreadable, plan, { attempt: 2, elapsedMs: 5_000 })).toBe(twice);
    expect([0, 1_000, 250_000, 300_001, 86_400_000].map(after)).toEqual([twice, twice, 250, 300, 300]);
  });

  test('the render is not at fault', () => {
    expect(verdictOf(SAYS.unreadable)).toEqual({ is: 'rendering' });
  });
});

test('no reading throws, and a watch returns only done, error, gone and missing', () => {
  fc.assert(
    fc.property(readings, fc.boolean(), (reading, webhook) => {
      const { returned } = run(watch(5, webhook), 2, reading);
      expect(returned !== undefined).toBe(verdictOf(reading).is !== 'rendering');
      expect(describeReading(reading)).toEqual(expect.any(String));
    }),
  );
});

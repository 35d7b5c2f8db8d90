import { describe, expect, test } from 'vitest';

import type { FakeJson2Video, FaultRuleInput } from '../../src/index.js';
import { call, movieOf, post, releaseFakes, startFake, submit } from './support.js';

releaseFakes();

const broken = { kind: 'status', code: 500 } as const;

const rule = (effect: FaultRuleInput['effect'], more: Partial<FaultRuleInput> = {}): FaultRuleInput => ({
  match: { call: 'create' },
  effect,
  ...more,
});

const fakeWith = (...faults: FaultRuleInput[]): Promise<FakeJson2Video> => startFake({ faults });

const codes = async (fake: FakeJson2Video, count: number): Promise<number[]> => {
  const answers: number[] = [];
  for (let index = 0; index < count; index += 1) answers.push((await post(fake, movieOf('a'))).code);
  return answers;
};

describe('which requests a rule is about', () => {
  test('nth counts matching requests from 1', async () => {
    const fake = await fakeWith(rule(broken, { match: { call: 'create', nth: 2 } }));
    expect(await codes(fake, 3)).toEqual([200, 500, 200]);
  });

  test('times limits how often a rule applies, and the first rule that fires wins', async () => {
    const fake = await fakeWith(
      rule({ kind: 'status', code: 503 }, { times: 1 }),
      rule(broken, { times: 1 }),
    );
    expect(await codes(fake, 3)).toEqual([503, 500, 200]);
  });

  test('probability 0 never fires, 1 always', async () => {
    const fake = await fakeWith(
      rule({ kind: 'status', code: 503 }, { match: { call: 'create', probability: 0 } }),
      rule(broken, { match: { probability: 1 } }),
    );
    expect(await codes(fake, 2)).toEqual([500, 500]);
  });

  test('project and key match the status calls of their movie only', async () => {
    const fake = await startFake();
    const [one, two] = [await submit(fake, movieOf('a')), await submit(fake, movieOf('b'))];
    fake.fault({ match: { call: 'status', project: one }, effect: broken });
    fake.fault({ match: { call: 'status', key: 'b' }, effect: { kind: 'status', code: 502 } });
    expect((await call(fake, `/v2/movies?project=${one}`)).code).toBe(500);
    expect((await call(fake, `/v2/movies?project=${two}`)).code).toBe(502);
    fake.clearFaults();
    expect((await call(fake, `/v2/movies?project=${one}`)).code).toBe(200);
  });
});

import { expect, test } from 'vitest';
import { CreditFloor } from '../../src/activities/credit-floor.js';

/** A guard whose account has these credits, one after the other; undefined: the reply does not say. */
function floorOver(credits: readonly (number | undefined)[], floor: number | undefined) {
  let nowMs = 0;
  let probes = 0;
  const probe = async () => {
    const creditsLeft = credits[Math.min(probes, credits.length - 1)];
    probes += 1;
    return { says: 'accepted', message: '', ...(creditsLeft === undefined ? {} : { creditsLeft }) } as const;
  };
  const guard = new CreditFloor({ probe }, floor, () => nowMs);
  return { guard, pass: (ms: number) => void (nowMs += ms), probes: () => probes };
}

test('nothing is sent while the account has fewer credits than the floor', async () => {
  const { guard, pass } = floorOver([499, 500], 500);
  expect(await guard.evidence()).toMatchObject({
    from: 'preparation',
    waitingFor: 'credits above the floor',
  });
  pass(60_000);
  expect(await guard.evidence()).toBeUndefined();
});

test('the account is read at most once a minute, also by many submissions', async () => {
  const { guard, pass, probes } = floorOver([1_000], 500);
  await Promise.all(Array.from({ length: 50 }, () => guard.evidence()));
  pass(59_999);
  await guard.evidence();
  expect(probes()).toBe(1);
});

test('without a floor nobody is asked, and an account that does not say its credits stops nothing', async () => {
  const none = floorOver([0], undefined);
  expect(await none.guard.evidence()).toBeUndefined();
  expect(none.probes()).toBe(0);
  expect(await floorOver([undefined], 500).guard.evidence()).toBeUndefined();
});

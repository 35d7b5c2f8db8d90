import { expect, test } from 'vitest';
import { CreditFloor } from '../../src/activities/credit-floor.js';

const soon = (): number => Date.now() + 5_000;

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
  expect(await guard.evidence(soon())).toMatchObject({
    from: 'preparation',
    waitingFor: 'credits above the floor',
  });
  pass(60_000);
  expect(await guard.evidence(soon())).toBeUndefined();
});

test('the account is read at most once a minute, also by many submissions', async () => {
  const { guard, pass, probes } = floorOver([1_000], 500);
  await Promise.all(Array.from({ length: 50 }, () => guard.evidence(soon())));
  pass(59_999);
  await guard.evidence(soon());
  expect(probes()).toBe(1);
});

test('without a floor nobody is asked, and an account that does not say its credits stops nothing', async () => {
  const none = floorOver([0], undefined);
  expect(await none.guard.evidence(soon())).toBeUndefined();
  expect(none.probes()).toBe(0);
  expect(await floorOver([undefined], 500).guard.evidence(soon())).toBeUndefined();
});

test('an account that does not answer until the deadline has the submission refused, and the next one may ask again', async () => {
  let reply = (_left: number): void => undefined;
  const probe = () =>
    new Promise<{ says: 'accepted'; message: string; creditsLeft: number }>((resolve) => {
      reply = (creditsLeft) => resolve({ says: 'accepted', message: '', creditsLeft });
    });
  const guard = new CreditFloor({ probe }, 500, () => 0);
  const startedMs = Date.now();
  expect(await guard.evidence(startedMs + 50)).toMatchObject({
    from: 'preparation',
    waitingFor: 'credits above the floor',
    message: 'the credits of the account could not be read in time',
  });
  expect(Date.now() - startedMs).toBeLessThan(1_000);

  const second = guard.evidence(soon());
  reply(500);
  expect(await second).toBeUndefined();
});

import { expect, test } from 'vitest';
import { expectNoProcessLeft } from '../../support/processes.js';
import { isKnown } from './check/known-violations.js';
import { play } from './play.js';
import { describeViolation } from './run-random.js';

expectNoProcessLeft();

/** Another sample is played with FAULT_SEED. */
const seed = Number(process.env['FAULT_SEED'] ?? 1);

/** This provider accepts every movie twice, so that the checker has a fault to find. */
const doubling = 5;

test('random operators against a random provider pay no more than was consented to, and every call and run ends', async () => {
  const options = {
    seed,
    batch: 1,
    providers: [1, 2, 3, 4, doubling],
    keysEach: 16,
    spreadMs: 15_000,
    onDisk: false,
    doubling,
  };
  const played = await play(options);
  const isDoubled = ({ key }: { key: string }): boolean => key.startsWith(`s${seed}-p${doubling}-`);
  const seen = played.seen.filter((each) => !isDoubled(each));
  const violations = played.violations.filter((each) => !isDoubled(each));
  for (const violation of violations) {
    const kind = isKnown(violation) ? 'known' : 'FAIL';
    process.stderr.write(`${describeViolation(violation, `${kind} ${violation.rule}`)}\n`);
  }
  const done = new Set(seen.flatMap((key) => key.done.map(({ deed }) => deed.do)));

  expect(violations.filter((violation) => !isKnown(violation))).toEqual([]);
  // Nothing was left out, so that something is proved.
  expect(done.size).toBe(10);
  expect(seen.filter(({ accepted }) => accepted.length > 0).length).toBeGreaterThan(seen.length / 2);
  // The control: each doubled key is found.
  const found = played.violations.filter((each) => isDoubled(each) && each.rule === 'paid');
  expect(new Set(found.map(({ key }) => key))).toEqual(
    new Set(played.seen.filter(isDoubled).map(({ key }) => key)),
  );
  expect(found.length).toBeGreaterThan(0);
}, 720_000);

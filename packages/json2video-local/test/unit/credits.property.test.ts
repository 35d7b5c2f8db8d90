import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { FakeJson2Video } from '../../src/index.js';
import { call, post, startFake, releaseFakes } from './support.js';

releaseFakes();

/** One thing that may happen to the account. */
type Step =
  | {
      kind: 'submit';
      prompts: string[];
      seconds: number;
      isFresh: boolean;
      isBroken: boolean;
      isFreshAsset: boolean;
    }
  | { kind: 'wait'; seconds: number }
  | { kind: 'delete'; nth: number }
  | { kind: 'buy'; credits: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      prompts: fc.array(fc.constantFrom('cat', 'dog', 'owl'), { maxLength: 3 }),
      seconds: fc.constantFrom(1, 2.5, 30),
      isFresh: fc.boolean(),
      isBroken: fc.boolean(),
      isFreshAsset: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(0, 1, 5, 30, 300_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), nth: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('buy' as const), credits: fc.integer({ min: 1, max: 60 }) }),
  },
);

const START_CREDITS = 100;

/** Carries out a step; returns the credits that were bought with it. */
async function take(fake: FakeJson2Video, taken: Step): Promise<number> {
  if (taken.kind === 'wait') fake.advance(taken.seconds);
  if (taken.kind === 'buy') fake.addCredits(taken.credits);
  if (taken.kind === 'delete') {
    const project = fake.movies()[taken.nth]?.project ?? 'AAAAAAAAAAAAAAAA';
    await call(fake, `/v2/movies?project=${project}`, { method: 'DELETE' });
  }
  if (taken.kind === 'submit') {
    const pictures = taken.prompts.map((prompt) => ({
      type: 'image',
      model: 'flux-pro',
      prompt,
      cache: !taken.isFreshAsset,
    }));
    const missing = { type: 'image', src: 'https://cdn.test/missing/a.png' };
    const elements = [...pictures, { type: 'text', text: 'a' }, ...(taken.isBroken ? [missing] : [])];
    await post(fake, { scenes: [{ duration: taken.seconds, elements }], cache: !taken.isFresh });
  }
  return taken.kind === 'buy' ? taken.credits : 0;
}

/** The rules of the purse, as a list of those that are broken. */
function broken(fake: FakeJson2Video, granted: number): string[] {
  const { balance, spent, assets } = fake.credits();
  const movies = fake.movies();
  const sum = (of: (movie: (typeof movies)[number]) => number): number =>
    movies.reduce((total, movie) => total + of(movie), 0);
  return [
    ...(balance + spent === granted
      ? []
      : [`${balance} left and ${spent} spent are not the ${granted} granted`]),
    ...(balance >= 0 ? [] : ['the balance is below zero']),
    ...(sum((movie) => movie.credits) === spent ? [] : ['what the movies cost is not what was spent']),
    ...(sum((movie) => movie.assetCredits ?? 0) === assets ? [] : ['assets do not add up']),
    ...movies.flatMap((movie) => {
      const isBilled = movie.credits > (movie.assetCredits ?? 0);
      return isBilled && movie.status !== 'done'
        ? [`${movie.project} was billed, but is ${movie.status}`]
        : [];
    }),
  ];
}

describe('the ledger', () => {
  test('it balances at all times: after every step of any history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const fake = await startFake({ credits: START_CREDITS, seed: 1, fixedClock: true });
        let granted = START_CREDITS;
        for (const taken of steps) {
          granted += await take(fake, taken);
          expect(broken(fake, granted)).toEqual([]);
        }
        await fake.close();
      }),
      { numRuns: 40 },
    );
  });

  test('a restart on its file tells the same: movies, credits, assets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fake-'));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        run += 1;
        const options = { dataFolder: join(folder, String(run)), credits: START_CREDITS, fixedClock: true };
        const fake = await startFake(options);
        for (const taken of steps) await take(fake, taken);
        await fake.close();
        const again = await startFake(options);
        expect([again.movies(), again.credits()]).toEqual([fake.movies(), fake.credits()]);
        await again.close();
      }),
      { numRuns: 15 },
    );
    rmSync(folder, { recursive: true, force: true });
  });

  test('the check itself finds a movie without a charge', async () => {
    const fake = await startFake({ credits: START_CREDITS });
    await post(fake, { scenes: [{ duration: 2, elements: [{ type: 'text', text: 'a' }] }] });
    fake.advance(60);
    const forgetful = { ...fake, credits: () => ({ balance: START_CREDITS, spent: 0, assets: 0 }) };
    expect(broken(forgetful, START_CREDITS)).toEqual(['what the movies cost is not what was spent']);
    const generous = { ...fake, credits: () => ({ balance: START_CREDITS, spent: 2, assets: 0 }) };
    expect(broken(generous, START_CREDITS)).toHaveLength(1);
  });
});

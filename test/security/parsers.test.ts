import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RenderonceError } from '../../src/render/errors.js';
import { CARELESS, type Parser, PARSERS } from './parsers.js';

const RUNS = 10_000;

/** `npm run fuzz -- --minutes N` spends this time on each parser, in rounds with seeds of their own. */
const FUZZ_MS = (Number(process.env['FUZZ_MINUTES'] ?? 0) * 60_000) / Object.keys(PARSERS).length;

const holds = ({ runs, throws }: Parser) =>
  fc.asyncProperty(runs, async ({ run }) => {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof RenderonceError && throws.includes(error.code))) throw error;
    }
  });

describe('whatever it is given, nothing but an error of ours is thrown by the parser of', () => {
  test.each(Object.entries(PARSERS))(
    '%s',
    async (_name, parser) => {
      const endMs = Date.now() + FUZZ_MS;
      do {
        await expect(fc.assert(holds(parser), { numRuns: RUNS })).resolves.toBeUndefined();
      } while (Date.now() < endMs);
    },
    120_000 + FUZZ_MS,
  );
});

test.each(Object.entries(CARELESS))('the control: a parser that %s is found out', async (_name, parser) => {
  expect(await fc.check(holds(parser), { numRuns: RUNS })).toMatchObject({ failed: true });
});

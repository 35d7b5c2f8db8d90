import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RenderonceError } from '../../src/render/errors.js';
import { fuzzing } from '../support/fuzz.js';
import { CARELESS, type Parser, PARSERS } from './parsers.js';

const RUNS = 10_000;

const { shareMs, rounds } = fuzzing(Object.keys(PARSERS).length);

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
      await rounds(() => expect(fc.assert(holds(parser), { numRuns: RUNS })).resolves.toBeUndefined());
    },
    120_000 + shareMs,
  );
});

test.each(Object.entries(CARELESS))('the control: a parser that %s is found out', async (_name, parser) => {
  expect(await fc.check(holds(parser), { numRuns: RUNS })).toMatchObject({ failed: true });
});

import { expect } from 'vitest';
import type { BatchLine, LineEnd } from '../../src/cli/commands/batch/line.js';
import { runBatch } from '../../src/cli/commands/batch/run-batch.js';
import { Tally } from '../../src/cli/commands/batch/tally.js';
import type { RenderedMovie } from '../../src/render/outcome.js';

type BatchTerms = Parameters<typeof runBatch>[0];

/** A movie of 4.5 s. */
const MOVIE = { scenes: [{ duration: 2.5 }, { duration: 2 }] };

/** Yields a line for each key. */
export async function* orders(...keys: string[]): AsyncGenerator<BatchLine> {
  for (const [index, key] of keys.entries())
    yield { line: index + 1, raw: key, sizeBytes: 10, order: { key, movie: MOVIE, options: {} } };
}

export const video = (durationSeconds: number | null): RenderedMovie =>
  ({ durationSeconds }) as RenderedMovie;

/** Runs a batch; `submit` and `finish` decide the end of each key. */
export async function runWith(
  terms: Partial<BatchTerms> & Pick<BatchTerms, 'lines'>,
): Promise<{ ends: Record<string, LineEnd>; tally: Tally; pauses: number[]; stop: AbortController }> {
  const ends: Record<string, LineEnd> = {};
  const tally = new Tally();
  const pauses: number[] = [];
  const stop = terms.stop ?? new AbortController();
  await runBatch({
    concurrency: 3,
    waits: 10,
    submit: async () => ({ replayed: false }),
    pause: async (ms) => void pauses.push(ms),
    ended: (line, end) => {
      expect(ends[line.raw ?? '']).toBeUndefined();
      ends[line.raw ?? ''] = end;
      tally.add(line, end);
    },
    ...terms,
    stop,
  });
  return { ends, tally, pauses, stop };
}

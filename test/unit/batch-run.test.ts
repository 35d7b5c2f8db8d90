import { expect, test } from 'vitest';
import type { BatchLine } from '../../src/cli/commands/batch/line.js';
import { MovieRejected, NoWorker, RenderFailed, SubmissionPending } from '../../src/render/errors.js';
import { orders, runWith, video } from '../support/batch-run.js';

test('at most so many lines as allowed are in progress, and no more of the file is read', async () => {
  let underWay = 0;
  let most = 0;
  let read = 0;
  const lines = async function* (): AsyncGenerator<BatchLine> {
    for await (const line of orders(...Array.from({ length: 50 }, (_, index) => `k${index}`))) {
      read += 1;
      yield line;
    }
  };
  const ahead: number[] = [];
  const { tally } = await runWith({
    lines: lines(),
    concurrency: 7,
    submit: async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      ahead.push(read - ahead.length);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return { replayed: false };
    },
  });

  expect(most).toBe(7);
  expect(Math.max(...ahead)).toBeLessThanOrEqual(7);
  expect(tally).toMatchObject({ lines: 50, isClean: true, bytes: 500, credits: 250 });
});

test('every line counts once, by its end', async () => {
  const errors: Record<string, Error> = {
    rejected: new MovieRejected('bad movie', {}),
    held: new SubmissionPending('held', {}),
    idle: new NoWorker('nobody polls'),
    odd: new Error('odd'),
  };
  const { ends, tally } = await runWith({
    lines: orders('new', 'old', ...Object.keys(errors)),
    submit: async ({ key }) => {
      if (errors[key] !== undefined) throw errors[key];
      return { replayed: key === 'old' };
    },
  });

  expect(tally.counts).toEqual({ submitted: 1, replayed: 1, rejected: 1, failed: 1, pending: 2 });
  expect(tally).toMatchObject({ lines: 6, isClean: false, credits: 5, unpriced: 0 });
  expect(ends['odd']).toEqual({ end: 'failed', code: 'Unexpected', message: 'odd' });
  expect(tally.failures).toContainEqual({
    line: 3,
    key: 'rejected',
    code: 'MovieRejected',
    message: 'bad movie',
    next: expect.stringContaining('the key is free'),
  });
});

test('a broken line fails with its reason, and the others are submitted', async () => {
  const lines = async function* (): AsyncGenerator<BatchLine> {
    yield { line: 1, raw: '{', sizeBytes: 2, problem: 'not JSON' };
    yield* orders('a');
  };
  const { tally } = await runWith({ lines: lines() });

  expect(tally.counts).toMatchObject({ failed: 1, submitted: 1 });
  expect(tally.failures).toEqual([{ line: 1, code: 'LineInvalid', message: 'not JSON' }]);
});

test('a wait for a video takes no place of a submission; the length of the video is its price', async () => {
  let submitted = 0;
  let allSubmitted = (): void => undefined;
  const after = new Promise<void>((resolve) => (allSubmitted = resolve));
  const { tally } = await runWith({
    lines: orders('a', 'b', 'c', 'd', 'old'),
    concurrency: 1,
    submit: async ({ key }) => {
      submitted += 1;
      if (submitted === 5) allSubmitted();
      return { replayed: key === 'old' };
    },
    finish: async (key) => {
      // If a wait took the place of a submission, `after` would never resolve.
      await after;
      if (key === 'b') throw new RenderFailed('no voice', {});
      return video(key === 'c' ? null : 7.2);
    },
  });

  expect(tally.counts).toEqual({ submitted: 3, replayed: 1, rejected: 0, failed: 1, pending: 0 });
  expect(tally).toMatchObject({ done: 4, credits: 16, unpriced: 1 });
});

test('at most so many videos as allowed are awaited at once', async () => {
  let awaited = 0;
  let most = 0;
  await runWith({
    lines: orders('a', 'b', 'c', 'd', 'e', 'f'),
    concurrency: 1,
    waits: 2,
    finish: async () => {
      awaited += 1;
      most = Math.max(most, awaited);
      await new Promise((resolve) => setImmediate(resolve));
      awaited -= 1;
      return video(1);
    },
  });

  expect(most).toBe(2);
});

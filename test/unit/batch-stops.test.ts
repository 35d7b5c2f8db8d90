import { expect, test } from 'vitest';
import type { BatchLine } from '../../src/cli/commands/batch/line.js';
import { EngineNotSetUp, EngineUnavailable } from '../../src/render/errors.js';
import { orders, runWith, video } from '../support/batch-run.js';

test('a short outage of the engine fails no line', async () => {
  let calls = 0;
  const { tally, pauses, stop } = await runWith({
    lines: orders('a'),
    submit: async () => {
      calls += 1;
      if (calls < 6) throw new EngineUnavailable('restarting');
      return { replayed: false };
    },
  });

  expect(tally.counts.submitted).toBe(1);
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
  expect(stop.signal.aborted).toBe(false);
});

test.each([
  [new EngineUnavailable('gone'), 5],
  [new EngineNotSetUp('no namespace'), 0],
])('a lost engine stops the batch, and its line is pending: %s', async (error, patience) => {
  const { tally, pauses, stop } = await runWith({
    lines: orders('a', 'b', 'c'),
    concurrency: 1,
    submit: () => Promise.reject(error),
  });

  expect(tally.counts).toMatchObject({ pending: 1, failed: 0 });
  expect(pauses).toHaveLength(patience);
  expect(stop.signal.reason).toBe(error);
});

test('a stop finishes the lines in progress, begins no other, and ends the waits for videos', async () => {
  const stop = new AbortController();
  const { ends, tally } = await runWith({
    lines: orders('a', 'b', 'c', 'd'),
    concurrency: 2,
    stop,
    submit: async ({ key }) => {
      if (key === 'b') stop.abort();
      await new Promise((resolve) => setImmediate(resolve));
      return { replayed: false };
    },
    finish: async () => {
      stop.signal.throwIfAborted();
      return video(1);
    },
  });

  expect(Object.keys(ends).toSorted()).toEqual(['a', 'b']);
  expect(ends['a']).toMatchObject({ end: 'pending', code: 'Interrupted' });
  expect(tally.counts.pending).toBe(2);
});

test('a read error of the file ends the batch with that error, after the lines in progress', async () => {
  const lines = async function* (): AsyncGenerator<BatchLine> {
    yield* orders('a');
    throw new Error('the disk is gone');
  };
  const ended: string[] = [];

  await expect(runWith({ lines: lines(), ended: ({ raw = '' }) => void ended.push(raw) })).rejects.toThrow(
    'the disk is gone',
  );
  expect(ended).toEqual(['a']);
});

import { expect, test } from 'vitest';
import { supervise } from '../../src/cli/local/supervise.js';

const PAUSES = { firstMs: 1, lastMs: 8, steadyMs: 1_000 };

/** A process that ends when it is told to. */
class Child {
  isRunning = true;
  #end: () => void = () => undefined;
  readonly exited = new Promise<void>((resolve) => {
    this.#end = () => {
      this.isRunning = false;
      resolve();
    };
  });
  end(): void {
    this.#end();
  }
  async stop(): Promise<void> {
    this.#end();
  }
}

/** Supervises processes; `refusals` are the numbers of the starts that fail. */
async function open(refusals: readonly number[] = []) {
  const started: Child[] = [];
  const before: (Child | undefined)[] = [];
  const notes: string[] = [];
  let starts = 0;
  const kept = await supervise({
    name: 'the worker',
    start: async (last?: Child) => {
      starts += 1;
      before.push(last);
      if (refusals.includes(starts)) throw new Error(`no engine ${starts}`);
      const child = new Child();
      started.push(child);
      return child;
    },
    note: (line) => void notes.push(line),
    pauses: PAUSES,
  });
  return { kept, started, before, notes };
}

test('a process that ends is replaced, however often', async () => {
  const { kept, started, before } = await open();
  for (let count = 1; count <= 20; count += 1) {
    kept.current.end();
    await expect.poll(() => started.length, { interval: 1 }).toBe(count + 1);
  }
  expect(before.slice(1)).toEqual(started.slice(0, 20));
  await kept.stop();
  expect(started.filter(({ isRunning }) => isRunning)).toEqual([]);
});

test('a replacement that does not start is followed by another, after a longer pause, with the reason told', async () => {
  const { kept, started, notes } = await open([2, 3, 4, 5, 6]);
  kept.current.end();
  await expect.poll(() => started.length, { interval: 1 }).toBe(2);
  expect(kept.current.isRunning).toBe(true);
  expect(notes).toHaveLength(6);
  expect(notes[0]).toMatch(/^the worker ended; starting another in/);
  expect(notes.at(-1)).toMatch(/^the worker did not start \(no engine 6\); starting another in/);
  await kept.stop();
});

test('the first start that fails is an error', async () => {
  await expect(open([1])).rejects.toThrow('no engine 1');
});

test('a stop during the pause starts nothing, and is not held up by it', async () => {
  const started: Child[] = [];
  const kept = await supervise({
    name: 'the worker',
    start: async () => (started.push(new Child()), started.at(-1)!),
    note: () => undefined,
    pauses: { firstMs: 600_000, lastMs: 600_000, steadyMs: 1 },
  });
  kept.current.end();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await kept.stop();
  expect(started).toHaveLength(1);
});

test('a process that comes up during the stop is stopped, too', async () => {
  const started: Child[] = [];
  let comeUp: (() => void) | undefined;
  const kept = await supervise({
    name: 'the worker',
    start: async () => {
      if (started.length > 0) await new Promise<void>((resolve) => (comeUp = resolve));
      started.push(new Child());
      return started.at(-1)!;
    },
    note: () => undefined,
    pauses: PAUSES,
  });
  kept.current.end();
  await expect.poll(() => comeUp, { interval: 1 }).toBeDefined();
  const stopped = kept.stop();
  comeUp?.();
  await stopped;
  expect(started.map(({ isRunning }) => isRunning)).toEqual([false, false]);
});

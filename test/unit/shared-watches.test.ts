import { expect, test } from 'vitest';
import { SharedWatches } from '../../src/http/shared-watches.js';
import type { Renders } from '../../src/starter.js';
import type { RenderStatus } from '../../src/starter/status.js';

const STATUS: RenderStatus = {
  key: 'k',
  state: 'rejected',
  attempts: 1,
  startedAt: '2026-11-29T00:00:00.000Z',
};

/** Renders whose watches yield what a test says, and are counted. */
function scripted(error?: Error) {
  const waiting = new Map<string, () => void>();
  const counts = { started: 0, ended: 0 };
  const watch = async function* (key: string, { signal }: { readonly signal: AbortSignal }) {
    counts.started += 1;
    try {
      yield { ...STATUS, key };
      await new Promise<void>((resolve) => {
        waiting.set(key, resolve);
        signal.addEventListener('abort', () => resolve());
      });
      signal.throwIfAborted();
      if (error !== undefined) throw error;
      yield { ...STATUS, key, closedAt: '2026-11-29T00:01:00.000Z' };
    } finally {
      counts.ended += 1;
    }
  };
  const renders = { watch } as unknown as Renders;
  return { watches: new SharedWatches(renders), counts, close: (key: string) => waiting.get(key)?.() };
}

const never = (): AbortSignal => new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('200 waiters of one key share one watch, and all see the end', async () => {
  const { watches, counts, close } = scripted();
  const waiters = Array.from({ length: 200 }, () => watches.untilEnd('k', 60_000, never()));
  await settled();
  close('k');
  for (const view of await Promise.all(waiters)) expect(view.closedAt).toBeDefined();
  await settled();
  expect(counts).toEqual({ started: 1, ended: 1 });
});

test('a wait that is over gives the newest view, and the last waiter ends the watch', async () => {
  const { watches, counts } = scripted();
  const [first, second] = await Promise.all([
    watches.untilEnd('k', 1, never()),
    watches.untilEnd('k', 0, never()),
  ]);
  expect([first.closedAt, second.closedAt]).toEqual([undefined, undefined]);
  await settled();
  expect(counts).toEqual({ started: 1, ended: 1 });
});

test('a waiter that goes away fails with the reason, and leaves the others waiting', async () => {
  const { watches, counts, close } = scripted();
  const gone = new AbortController();
  const [leaving, staying] = [
    watches.untilEnd('k', 60_000, gone.signal),
    watches.untilEnd('k', 60_000, never()),
  ];
  gone.abort(new Error('the client has gone'));
  await expect(leaving).rejects.toThrow('the client has gone');
  await settled();
  close('k');
  expect((await staying).closedAt).toBeDefined();
  expect(counts.started).toBe(1);
});

test('an error of the engine reaches all waiters, and the next one starts anew', async () => {
  const { watches, counts, close } = scripted(new Error('the engine is away'));
  const waiters = [watches.untilEnd('k', 60_000, never()), watches.untilEnd('k', 60_000, never())];
  await settled();
  close('k');
  for (const each of waiters) await expect(each).rejects.toThrow('the engine is away');
  expect((await watches.untilEnd('k', 0, never())).state).toBe('rejected');
  expect(counts.started).toBe(2);
});

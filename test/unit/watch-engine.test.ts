import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EngineWatch } from '../../src/worker/watch-engine.js';
import { grpcError, NamespaceEngine } from './namespace-engine.js';

const TIMES = { intervalMs: 5, answerMs: 1_000, graceMs: 30 };
const GONE = { code: 'EngineNotSetUp', message: 'the engine has no namespace videos' };

/** A worker that runs until it is shut down, or fails. */
function open(engine: NamespaceEngine, stubborn = false) {
  let end: (error?: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  const watch = new EngineWatch(engine.client, TIMES);
  const shutdown = (): void => void (stubborn || end());
  const running = watch.run({ run: () => ended, shutdown });
  running.catch(() => undefined);
  return { watch, running, end };
}

const engineWith = (days?: number): NamespaceEngine => new NamespaceEngine({ days, attributes: {} });

test('a worker whose namespace is gone ends with that reason, and takes no tasks meanwhile', async () => {
  const engine = engineWith(30);
  const { watch, running } = open(engine);
  await sleep(30);
  expect(watch.isRefused).toBe(false);
  engine.held.days = undefined;
  await expect.poll(() => watch.isRefused, { interval: 1 }).toBe(true);
  await expect(running).rejects.toMatchObject(GONE);
});

test('a worker that does not stop is given up after the grace', async () => {
  const { running } = open(engineWith(), true);
  await expect(running).rejects.toMatchObject(GONE);
});

test('a refusal that does not last ends nothing', async () => {
  const engine = engineWith(30);
  const { watch, running, end } = open(engine);
  engine.before = () => {
    engine.before = () => undefined;
    throw grpcError(7, 'not for a moment');
  };
  await sleep(50);
  expect(watch.isRefused).toBe(false);
  end();
  await expect(running).resolves.toBeUndefined();
});

test('a worker that the engine lets in no longer ends with the words of the engine', async () => {
  const engine = engineWith(30);
  const { running } = open(engine);
  await expect.poll(() => engine.calls.length, { interval: 1 }).toBeGreaterThan(1);
  engine.before = () => {
    throw grpcError(16, 'the token has expired');
  };
  await expect(running).rejects.toMatchObject({
    code: 'EngineUnavailable',
    message: expect.stringContaining('the token has expired'),
  });
});

test.each([
  ['an engine that does not answer', 14],
  ['a role that was never allowed to ask', 7],
])('%s ends no worker', async (_what, code) => {
  const engine = engineWith(30);
  engine.before = () => {
    throw grpcError(code, 'no');
  };
  const { watch, running, end } = open(engine);
  await expect.poll(() => engine.calls.length, { interval: 1 }).toBeGreaterThan(4);
  expect(watch.isRefused).toBe(false);
  end();
  await expect(running).resolves.toBeUndefined();
});

test('a worker that fails by itself ends with its cause', async () => {
  const { running, end } = open(engineWith(30));
  end(Object.assign(new Error('the worker failed'), { cause: new Error('poll failed: no such queue') }));
  await expect(running).rejects.toMatchObject({
    code: 'EngineUnavailable',
    message: 'the worker cannot go on: poll failed: no such queue',
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoProcessLeft, runCommand, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const ANY_PORT = { RENDERONCE_WORKER_LISTEN: '127.0.0.1:0' };

describe('a worker with an address', () => {
  let worker: Running;
  let url: string;
  beforeAll(async () => {
    worker = await stage.startWorker(ANY_PORT);
    url = String(worker.said['url']);
  });

  test('a second worker on a port that was asked for is told so before it begins, and the first goes on', async () => {
    const env = { ...stage.env, RENDERONCE_WORKER_LISTEN: new URL(url).host };
    const second = await runCommand(['worker', '--json'], env);

    expect(second.code).toBe(2);
    expect(JSON.parse(second.stdout)).toEqual({
      error: {
        code: 'ConfigInvalid',
        message: `cannot listen at ${new URL(url).host}: another process does, probably another worker`,
        next: 'Set RENDERONCE_WORKER_LISTEN to a free host:port; port 0 takes any free one, and off none.',
      },
    });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  test('a worker says where it can be asked, that it lives, and that it takes work', async () => {
    const answers = await Promise.all(['healthz', 'readyz'].map((path) => fetch(`${url}/${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await worker.stop()).toBe(0);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  });
});

test('workers that were told of no port start on one machine, each with an address of its own', async () => {
  const workers = [];
  for (const _ of [1, 2]) workers.push(await stage.startWorker({ RENDERONCE_WORKER_LISTEN: undefined }));
  const urls = workers.map(({ said }) => String(said['url']));
  const answers = await Promise.all(urls.map((url) => fetch(`${url}/readyz`)));

  expect(new Set(urls).size).toBe(2);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  for (const worker of workers) expect(await worker.stop()).toBe(0);
});

test('a worker that is told to listen nowhere has no address, and works; only log level debug shows where a workflow waits', async () => {
  const key = freshKey('stacks');
  const stackOf = async (level: string): Promise<string> => {
    const worker = await stage.startWorker({ RENDERONCE_LOG_LEVEL: level, RENDERONCE_WORKER_LISTEN: 'off' });
    expect(worker.said).toEqual({ ready: true });
    if (level === 'info') await stage.renders.start(key, CARD);
    const stack = await stage.client.workflow.getHandle(key).query<string>('__stack_trace');
    expect(await worker.stop()).toBe(0);
    return stack;
  };
  expect(await stackOf('info')).not.toContain('checkUntil');
  expect(await stackOf('debug')).toContain('checkUntil');
});

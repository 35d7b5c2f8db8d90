import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken, startReceiver } from '../../src/receiver/index.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, SECRET, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('the receiver asks the engine for nothing but its signal, and whether it is there', async () => {
  const asked: string[] = [];
  const client = recording(stage.client, asked);
  const receiver = await startReceiver({
    client,
    secrets: [SECRET],
    now: Date.now,
    host: '127.0.0.1',
    port: 0,
  });
  const key = freshKey('least');
  await stage.renders.start(key, CARD);
  const answers = [];
  for (const [of, body] of [
    [key, '{"project":"p"}'],
    [key, 'nonsense'],
    [freshKey('nobody-asked'), '{"project":"p"}'],
  ] as const) {
    const token = signToken(of, new Date(Date.now() + 60_000), [SECRET]);
    answers.push((await fetch(`${receiver.url}/json2video/${token}`, { method: 'POST', body })).status);
  }
  for (const path of ['healthz', 'readyz', 'metrics']) await fetch(`${receiver.url}/${path}`);
  await receiver.stop();

  expect(answers).toEqual([200, 400, 404]);
  expect([...new Set(asked)].toSorted()).toEqual(['getSystemInfo', 'signalWorkflowExecution']);
});

test('a receiver with the API key of the provider warns that it does not need it', async () => {
  const receiver = await stage.startReceiver();
  expect(receiver.stderr()).toMatch(/JSON2VIDEO_API_KEY is set, but a receiver does not need it/);
});

/** A client that notes which calls of the engine are made through it. */
function recording(client: Client, asked: string[]): Client {
  const { connection } = client;
  const workflowService = new Proxy(connection.workflowService, {
    get: (service, name) => {
      const method: unknown = Reflect.get(service, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]): unknown => {
        asked.push(String(name));
        return Reflect.apply(method, service, args);
      };
    },
  });
  const seen = new Proxy(connection, {
    get: (target, name) => (name === 'workflowService' ? workflowService : Reflect.get(target, name)),
  });
  return new Client({ connection: seen, namespace: client.options.namespace });
}

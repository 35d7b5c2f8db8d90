import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createServer } from '../../src/http/server.js';
import { Renders } from '../../src/starter.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { call, MOVIE, pathOf } from './http-stage.js';

expectNoProcessLeft();

/** Descriptions of runs that the server has asked the engine for. */
let describes: () => number;

let stage: Stage;
let app: FastifyInstance;
let connection: Connection;
let server: Pick<Running, 'said'>;
let port: number;
beforeAll(async () => {
  stage = await openStage();
  await stage.hostWorker({ RENDERONCE_PROVIDER_RPS: '1000' });
  const { address, namespace } = stage.engine;
  connection = await Connection.connect({ address });
  const spy = vi.spyOn(connection.workflowService, 'describeWorkflowExecution');
  describes = () => spy.mock.calls.length;
  const client = new Client({ connection, namespace });
  app = await createServer({
    client,
    renders: new Renders({ client, taskQueue: stage.taskQueue }),
    assets: 'public',
    taskQueue: stage.taskQueue,
    host: '127.0.0.1',
    port: 0,
    tokens: [],
    requestsPerMinute: 10_000,
    webhookSecrets: [],
    version: '0.0.0',
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  server = { said: { url } };
  ({ port } = app.server.address() as AddressInfo);
});
afterAll(async () => {
  await app.close();
  await connection.close();
  await stage.close();
});

function connections(): Promise<number> {
  return new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

test('500 connections whose headers never end hold nobody up, and the server closes each of them', async () => {
  const stalled = new Set<Socket>();
  let closed = 0;
  let isOver = false;
  const stall = (): void => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`PUT ${pathOf('stalled')} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-never: `),
    );
    stalled.add(socket);
    socket.on('error', () => undefined).resume();
    socket.on('close', () => {
      closed += 1;
      stalled.delete(socket);
      // So that there are 500 all the time.
      if (!isOver) stall();
    });
  };
  for (let count = 0; count < 500; count += 1) stall();
  await until('500 connections are open', async () => (await connections()) >= 500);
  for (const key of [freshKey('healthy'), freshKey('healthy')]) {
    expect((await call(server, 'PUT', pathOf(key), { body: MOVIE })).status).toBe(201);
    expect(await call(server, 'GET', pathOf(key))).toMatchObject({ status: 200, body: { key } });
    expect(stalled.size).toBe(500);
  }
  await until('the server has closed 500 of them', () => closed >= 500, 60_000);
  isOver = true;
  for (const socket of stalled) socket.destroy();
  await expect(stage.renders.status('stalled')).rejects.toMatchObject({ code: 'KeyNotFound' });
}, 120_000);

test('100 long polls and 100 streams of one key cost the engine one description a second, and all see the end', async () => {
  const key = freshKey('crowd');
  const endless = await stage.fake.fault({ match: { key }, effect: { kind: 'state', script: ['running'] } });
  await call(server, 'PUT', pathOf(key), { body: MOVIE });
  const polls = Array.from({ length: 100 }, () =>
    call(server, 'GET', pathOf(key), { headers: { prefer: 'wait=60' } }),
  );
  const streams = Array.from({ length: 100 }, () => call(server, 'GET', pathOf(key, '/events')));
  await until('200 waiters are there', async () => (await connections()) >= 200);

  const [startedAt, before] = [performance.now(), describes()];
  await until('the engine was asked for a while', () => describes() >= before + 5, 60_000);
  const seconds = (performance.now() - startedAt) / 1_000;
  // The first may come at once, and a change is read with a description of its own.
  expect(describes() - before).toBeLessThanOrEqual(seconds + 4);

  await stage.fake.removeFault(endless);
  for (const { text } of await Promise.all(streams)) expect(text).toContain('"state":"done"');
  for (const { body } of await Promise.all(polls)) expect(body).toMatchObject({ key, state: 'done' });
}, 120_000);

test('100 long polls and 100 streams, each of a key of its own, cost the engine at most one description a second and key', async () => {
  const keys = Array.from({ length: 200 }, () => freshKey('own'));
  const endless = await stage.fake.fault({ match: {}, effect: { kind: 'state', script: ['running'] } });
  const started = keys.map((key) =>
    call(server, 'PUT', pathOf(key), { body: MOVIE, headers: { prefer: 'wait=60' } }),
  );
  for (const { status } of await Promise.all(started)) expect(status).toBe(201);
  const leave = new AbortController();
  const waiters = keys.map((key, nth) =>
    nth % 2 === 0
      ? call(server, 'GET', pathOf(key), { headers: { prefer: 'wait=60' }, signal: leave.signal })
      : call(server, 'GET', pathOf(key, '/events'), { signal: leave.signal }),
  );
  const ends = Promise.allSettled(waiters);
  await until('200 waiters are there', async () => (await connections()) >= 200);

  const [startedAt, before] = [performance.now(), describes()];
  await until('the engine was asked for each key some times', () => describes() >= before + 400, 60_000);
  const seconds = (performance.now() - startedAt) / 1_000;
  // The first second of each key, and a change that is read with a description of its own.
  expect(describes() - before).toBeLessThanOrEqual(200 * (seconds + 2));

  leave.abort();
  await ends;
  // Each loop may be in the middle of a question.
  const left = describes();
  await pause(3_000);
  expect(describes() - left).toBeLessThanOrEqual(200);
  await stage.fake.removeFault(endless);
}, 120_000);

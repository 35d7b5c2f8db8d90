import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../support/until.js';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.js';

let server: Server;
let proxy: TcpProxy;
let client: Socket;
let sent: string;
let received: string;
let pieces: number;

/** A server that keeps what it gets and answers with the same. */
beforeEach(async () => {
  sent = '';
  received = '';
  pieces = 0;
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (text: string) => {
      sent += text;
      pieces += 1;
      socket.write(text);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await openTcpProxy((server.address() as AddressInfo).port);
  client = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
  client.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  await once(client, 'connect');
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

const both = (text: string) => until(`both have ${text}`, () => sent === text && received === text);

test('what is held arrives in order once it is let go', async () => {
  proxy.requests.hold();
  client.write('one ');
  await until('it is held', () => proxy.requests.heldText() === 'one ');
  client.write('two');
  await until('both are held', () => proxy.requests.heldText() === 'one two');
  expect(sent).toBe('');
  proxy.open();
  await both('one two');
});

test('a pattern holds from the piece on that has it, on all connections', async () => {
  proxy.requests.holdFrom(/"end":"accepted"/);
  client.write('before');
  await both('before');
  client.write('{"end":"accepted"}');
  await until('it is held', () => proxy.requests.heldText() === '{"end":"accepted"}');
  expect(sent).toBe('before');
});

test('a request is cut after its first bytes, and the rest is lost with its sender', async () => {
  proxy.requests.holdAfterBytes(4);
  client.write('headers and body');
  await until('a part has passed', () => sent === 'head');
  client.destroy();
  await until('all is closed', () => proxy.sockets() === 0);
  expect(sent).toBe('head');
});

test('a black hole takes requests and gives nothing back', async () => {
  proxy.replies.lose();
  client.write('hello');
  await until('it has arrived', () => sent === 'hello');
  proxy.open();
  client.write('!');
  await until('something is answered', () => received !== '');
  expect(received).toBe('!');
});

test('slices arrive one by one, late, and in order', async () => {
  proxy.requests.sliceBytes = 1;
  proxy.requests.latencyMs = 5;
  const startedMs = performance.now();
  client.write('12345');
  await both('12345');
  expect(pieces).toBe(5);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(20);
});

test('a reset is seen as one by the client', async () => {
  const error = once(client, 'error');
  client.write('x');
  await both('x');
  proxy.reset();
  expect(await error).toMatchObject([{ code: 'ECONNRESET' }]);
});

import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { postMovie, type PostRequest } from '../../src/json2video/post-movie.js';
import { postTerms } from './post-terms.js';
import {
  answering,
  deferred,
  jsonReply,
  refusedUrl,
  releaseServers,
  startRawServer,
  type RawServer,
} from './raw-server.js';

releaseServers();

const ACCEPTED = jsonReply('200 OK', { success: true, project: 'JkGxEoPRF9EgRb32' });

/** Waits until the server has read another client's bytes: all earlier bytes have arrived by then. */
async function roundTrip(server: RawServer): Promise<void> {
  const before = server.connections.length;
  const socket = connect(Number(server.url.port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await new Promise((resolve) => socket.once('connect', resolve));
  await expect.poll(() => server.connections.length).toBe(before + 1);
  await server.connections[before]?.request;
  socket.destroy();
}

type Send = (request: PostRequest) => Promise<unknown>;

/** How many bytes a client sends while the engine has not given its go-ahead, and how many after it. */
async function bytesAroundFence(send: Send): Promise<{ before: number; after: number }> {
  const server = await answering(ACCEPTED);
  const goAhead = deferred();
  const sending = send(postTerms(server.url, { fence: () => goAhead.promise }));
  const connection = await server.first();
  await roundTrip(server);
  const before = connection.bytes().length;
  goAhead.resolve();
  await sending;
  return { before, after: connection.bytes().length };
}

describe('the fence', () => {
  test('no byte leaves between the handshake and the go-ahead of the engine', async () => {
    const { before, after } = await bytesAroundFence(postMovie);
    expect(before).toBe(0);
    expect(after).toBeGreaterThan(0);
  });

  test('a client that asks for the go-ahead only after its first byte is caught by that check', async () => {
    const { before } = await bytesAroundFence(async ({ url, fence }) => {
      const socket = connect(Number(url.port), '127.0.0.1');
      socket.write('POST /v2/movies HTTP/1.1\r\n');
      await fence();
      socket.destroy();
    });
    expect(before).toBeGreaterThan(0);
  });

  test('the engine is asked once, then the deadline once, and nothing else', async () => {
    const server = await answering(ACCEPTED);
    const terms = postTerms(server.url);
    await postMovie(terms);
    expect(terms.asked).toEqual(['fence', 'mayBegin']);
  });

  test('a go-ahead that is denied sends no byte and opens no second connection', async () => {
    const server = await startRawServer();
    const terms = postTerms(server.url, { fence: () => Promise.reject(new Error('the attempt is over')) });
    expect(await postMovie(terms)).toEqual({
      from: 'connection',
      bytesMayHaveLeft: false,
      message: 'not sent: the attempt is over',
    });
    const connection = await server.first();
    await connection.closed;
    expect(connection.bytes()).toHaveLength(0);
    expect(server.connections).toHaveLength(1);
    expect(terms.asked).toEqual(['fence']);
  });

  test('a deadline that has passed during the go-ahead sends no byte and opens no second connection', async () => {
    const server = await startRawServer();
    const evidence = await postMovie(postTerms(server.url, { mayBegin: () => false }));
    expect(evidence).toMatchObject({ from: 'connection', bytesMayHaveLeft: false });
    const connection = await server.first();
    await connection.closed;
    expect(connection.bytes()).toHaveLength(0);
    expect(server.connections).toHaveLength(1);
  });
});

describe('the request', () => {
  test('the body arrives byte for byte, with its length, on the path of the URL', async () => {
    const server = await answering(ACCEPTED);
    const body = JSON.stringify({ comment: 'naïve 漢字 😀', filler: 'x'.repeat(1_000_000) });
    await postMovie(postTerms(server.url, { body, headers: { 'x-api-key': 'key-1' } }));
    const { head, body: received } = await (await server.first()).request;
    expect(head).toMatch(/^POST \/v2\/movies HTTP\/1\.1\r\n/);
    expect(head).toMatch(/^x-api-key: key-1$/m);
    expect(head).toMatch(new RegExp(`^content-length: ${Buffer.byteLength(body)}$`, 'm'));
    expect(received.equals(Buffer.from(body))).toBe(true);
    expect(server.requests()).toBe(1);
  });

  test('a server that keeps connections alive still gets a fresh one for each POST', async () => {
    const server = await answering(ACCEPTED);
    await postMovie(postTerms(server.url));
    await postMovie(postTerms(server.url));
    expect(server.connections).toHaveLength(2);
    expect(server.requests()).toBe(2);
    for (const connection of server.connections) await connection.closed;
  });

  test('a header that HTTP cannot carry is evidence that no byte left, not an exception', async () => {
    const server = await startRawServer();
    const terms = postTerms(server.url, { headers: { 'x-api-key': 'first line\nsecond line' } });
    expect(await postMovie(terms)).toMatchObject({ from: 'connection', bytesMayHaveLeft: false });
    expect(terms.asked).toEqual([]);
    expect(server.connections).toHaveLength(0);
  });
});

describe('connections that fail', () => {
  test('a refused connection leaves no byte, and the engine is not asked', async () => {
    const terms = postTerms(await refusedUrl());
    const evidence = await postMovie(terms);
    expect(evidence).toMatchObject({ from: 'connection', bytesMayHaveLeft: false });
    expect(evidence).toHaveProperty('message', expect.stringContaining('ECONNREFUSED'));
    expect(terms.asked).toEqual([]);
  });

  test('a host name that does not resolve leaves no byte, and the engine is not asked', async () => {
    const terms = postTerms(new URL('http://a..invalid/v2/movies'));
    expect(await postMovie(terms)).toMatchObject({ from: 'connection', bytesMayHaveLeft: false });
    expect(terms.asked).toEqual([]);
  });

  test('a server that closes right after the handshake gets no byte and no second connection', async () => {
    const server = await startRawServer();
    const fence = async (): Promise<void> => {
      const connection = await server.first();
      connection.socket.end();
      await connection.closed;
    };
    const evidence = await postMovie(postTerms(server.url, { fence }));
    expect(evidence).toMatchObject({ from: 'connection', bytesMayHaveLeft: false });
    expect(server.connections).toHaveLength(1);
    expect(server.requests()).toBe(0);
  });

  // The kernel decides if the reset is seen before the first byte; there is one connection in both cases.
  test('a server that resets right after the handshake gets no second connection', async () => {
    const server = await startRawServer(({ socket }) => void socket.resetAndDestroy());
    const evidence = await postMovie(
      postTerms(server.url, { fence: async () => (await server.first()).closed }),
    );
    expect(evidence).toMatchObject({ from: 'connection' });
    expect(server.connections).toHaveLength(1);
    expect(server.requests()).toBe(0);
  });

  test.each([
    ['resets the connection', (server: RawServer) => server.connections[0]?.socket.resetAndDestroy()],
    ['closes the connection', (server: RawServer) => server.connections[0]?.socket.end()],
  ] as const)('a server that %s in place of a reply gets the movie once', async (_, cut) => {
    const server = await startRawServer(async ({ request }) => {
      await request;
      cut(server);
    });
    const evidence = await postMovie(postTerms(server.url));
    expect(evidence).toMatchObject({ from: 'connection', bytesMayHaveLeft: true });
    expect(server.connections).toHaveLength(1);
    expect(server.requests()).toBe(1);
  });
});

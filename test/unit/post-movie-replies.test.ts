import { describe, expect, test } from 'vitest';
import { postMovie } from '../../src/json2video/post-movie.js';
import { REPLY_BYTES } from '../../src/render/limits.js';
import { NOW_MS, postTerms } from './post-terms.js';
import { answering, jsonReply, releaseServers, startRawServer } from './raw-server.js';

releaseServers();

const AT = new Date(NOW_MS).toISOString();
const BODY = { success: true, project: 'JkGxEoPRF9EgRb32' };
const ACCEPTED = jsonReply('200 OK', BODY);

describe('whole replies', () => {
  test('a reply is handed on with its status, its text and the time at which it was whole', async () => {
    const server = await answering(ACCEPTED);
    expect(await postMovie(postTerms(server.url))).toEqual({
      from: 'reply',
      status: 200,
      body: JSON.stringify(BODY),
      complete: true,
      at: AT,
    });
  });

  test('a chunked reply and a character that is cut by a chunk are put together', async () => {
    const [start, end] = [Buffer.from('{"message":"é').subarray(0, 13), Buffer.from('é"}').subarray(1)];
    const server = await answering(
      'HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\n',
      Buffer.concat([Buffer.from('d\r\n'), start, Buffer.from('\r\n')]),
      Buffer.concat([Buffer.from('3\r\n'), end, Buffer.from('\r\n0\r\n\r\n')]),
    );
    const evidence = await postMovie(postTerms(server.url));
    expect(evidence).toMatchObject({ status: 400, body: '{"message":"é"}', complete: true });
  });

  test.each(['102 Processing', '103 Early Hints'])(
    'a %s before the reply is not the reply',
    async (interim) => {
      const server = await answering(`HTTP/1.1 ${interim}\r\nlink: </a.css>\r\n\r\n`, ACCEPTED);
      expect(await postMovie(postTerms(server.url))).toMatchObject({ status: 200, complete: true });
    },
  );

  test('a server that answers before it has read the whole movie is heard', async () => {
    const server = await startRawServer(({ socket }) => {
      socket.once(
        'data',
        () => void socket.write(jsonReply('413 Payload Too Large', { message: 'too large' })),
      );
    });
    const body = JSON.stringify({ filler: 'x'.repeat(1_400_000) });
    const evidence = await postMovie(postTerms(server.url, { body }));
    expect(evidence).toMatchObject({
      from: 'reply',
      status: 413,
      body: '{"message":"too large"}',
      complete: true,
    });
  });

  test('a redirect is an answer, and is not followed', async () => {
    const target = await answering(ACCEPTED);
    const server = await answering(jsonReply('307 Temporary Redirect', {}, [`location: ${target.url.href}`]));
    expect(await postMovie(postTerms(server.url))).toMatchObject({ from: 'reply', status: 307 });
    expect(server.requests()).toBe(1);
    expect(target.connections).toHaveLength(0);
  });

  test('a body of exactly the cap is whole', async () => {
    const server = await answering(
      `HTTP/1.1 200 OK\r\ncontent-length: ${REPLY_BYTES}\r\n\r\n`,
      Buffer.alloc(REPLY_BYTES, 'x'),
    );
    const evidence = await postMovie(postTerms(server.url));
    expect(evidence).toMatchObject({ from: 'reply', complete: true });
    expect(evidence).toHaveProperty('body.length', REPLY_BYTES);
  });
});

describe('Retry-After', () => {
  test.each([
    ['seconds', '120', 120_000],
    ['a date', new Date(NOW_MS + 90_000).toUTCString(), 90_000],
    ['a date in the past', new Date(NOW_MS - 90_000).toUTCString(), 0],
  ])('%s becomes a wait in milliseconds', async (_, value, expected) => {
    const server = await answering(jsonReply('429 Too Many Requests', {}, [`retry-after: ${value}`]));
    expect(await postMovie(postTerms(server.url))).toMatchObject({ status: 429, retryAfterMs: expected });
  });

  test.each([[['retry-after: soon']], [[]]])('with headers %j there is no wait', async (headers) => {
    const server = await answering(jsonReply('429 Too Many Requests', {}, headers));
    expect(await postMovie(postTerms(server.url))).not.toHaveProperty('retryAfterMs');
  });
});

describe('replies that are not whole', () => {
  test('a reply that ends before its status is known is no reply, and bytes have left', async () => {
    const server = await startRawServer(async ({ request, socket }) => {
      await request;
      socket.end('HTTP/1.1 200 OK\r\ncontent-le');
    });
    expect(await postMovie(postTerms(server.url))).toMatchObject({
      from: 'connection',
      bytesMayHaveLeft: true,
    });
    expect(server.requests()).toBe(1);
  });

  test.each([
    ['a body shorter than announced', 'content-length: 100\r\n\r\n{"project":"JkGxEoPRF9EgRb32"}'],
    ['a chunked body without its last chunk', 'transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n'],
  ])('%s is not a whole reply, and is not asked for again', async (_, rest) => {
    const server = await startRawServer(async ({ request, socket }) => {
      await request;
      socket.end(`HTTP/1.1 200 OK\r\n${rest}`);
    });
    const evidence = await postMovie(postTerms(server.url));
    expect(evidence).toMatchObject({ from: 'reply', status: 200, complete: false });
    expect(server.connections).toHaveLength(1);
    expect(server.requests()).toBe(1);
  });

  test.each([
    ['another protocol', 'SSH-2.0-server\r\n'],
    ['only a reply that announces another,', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['an unasked 100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n'],
    [
      'an unasked switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n',
    ],
  ])('%s in place of a reply leaves it open whether the movie was taken', async (_, bytes) => {
    const server = await answering(bytes);
    const evidence = await postMovie(postTerms(server.url, { replyTimeoutMs: () => 200 }));
    expect(evidence).toMatchObject({ from: 'connection', bytesMayHaveLeft: true });
    expect(server.requests()).toBe(1);
  });

  test('a body over the cap is cut off, with the status that came before it', async () => {
    const server = await answering(
      `HTTP/1.1 200 OK\r\ncontent-length: ${REPLY_BYTES + 1}\r\n\r\n`,
      Buffer.alloc(REPLY_BYTES + 1, 'x'),
    );
    const evidence = await postMovie(postTerms(server.url));
    expect(evidence).toMatchObject({ from: 'reply', status: 200, complete: false });
    await server.connections[0]?.closed;
  });
});

describe('replies that are slow', () => {
  test('a silent server is left after the reply timeout, and was asked once', async () => {
    const server = await startRawServer();
    const startedMs = performance.now();
    const evidence = await postMovie(postTerms(server.url, { replyTimeoutMs: () => 100 }));
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(99);
    expect(evidence).toMatchObject({ from: 'connection', bytesMayHaveLeft: true });
    await server.connections[0]?.closed;
    expect(server.requests()).toBe(1);
    expect(server.connections).toHaveLength(1);
  });

  test('the wait for the go-ahead is not counted as a wait for the reply', async () => {
    const server = await answering(ACCEPTED);
    const fence = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));
    const evidence = await postMovie(postTerms(server.url, { replyTimeoutMs: () => 100, fence }));
    expect(evidence).toMatchObject({ status: 200, complete: true });
  });

  test('a server that drips is left after the reply timeout, although each byte comes in time', async () => {
    let drip: NodeJS.Timeout | undefined;
    const server = await startRawServer(async ({ request, socket, closed }) => {
      await request;
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      drip = setInterval(() => socket.write(' '), 10);
      await closed;
      clearInterval(drip);
    });
    const evidence = await postMovie(postTerms(server.url, { replyTimeoutMs: () => 200 }));
    expect(evidence).toMatchObject({ from: 'reply', status: 200, complete: false });
    expect(evidence).toHaveProperty('body', expect.stringMatching(/^ {2,900}$/));
    await server.connections[0]?.closed;
    expect(server.requests()).toBe(1);
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { createJson2Video, type Json2Video } from '../../src/json2video/client.js';
import { REPLY_BYTES } from '../../src/render/limits.js';
import { NOW_MS } from './post-terms.js';
import { answering, jsonReply, refusedUrl, releaseServers, startRawServer } from './raw-server.js';

const clients = new Set<Json2Video>();
releaseServers();
// Runs before the servers' release, since hooks run in reverse order: no kept-alive connection outlives its client.
afterEach(async () => {
  await Promise.all([...clients].map((client) => client.close()));
  clients.clear();
});

function clientOf(url: URL, apiKey = 'secret-key'): Json2Video {
  const client = createJson2Video({ url: url.origin, apiKey, now: () => NOW_MS });
  clients.add(client);
  return client;
}

const RUNNING = jsonReply('200 OK', { success: true, movie: { status: 'running', progress: 7 } });

describe('reading a project', () => {
  test('it is one GET of the project alone, without the movie, with the key in its header', async () => {
    const server = await answering(RUNNING);
    const reading = await clientOf(server.url).read('JkGxEoPRF9EgRb32');
    expect(reading).toEqual({ says: 'rendering', status: 'running', progressPercent: 7 });
    const { head, body } = await (await server.first()).request;
    expect(head).toMatch(/^GET \/v2\/movies\?project=JkGxEoPRF9EgRb32&format=simple HTTP\/1\.1\r\n/);
    expect(head).toMatch(/^x-api-key: secret-key$/m);
    expect(head).toMatch(/^accept: application\/json$/m);
    expect(body).toHaveLength(0);
  });

  test('a project is data, not part of the query', async () => {
    const server = await answering(RUNNING);
    await clientOf(server.url).read('a&format=full#ü ');
    const { head } = await (await server.first()).request;
    expect(head).toContain('GET /v2/movies?project=a%26format%3Dfull%23%C3%BC+&format=simple HTTP/1.1');
  });

  test('readings reuse connections that are kept alive', async () => {
    const server = await startRawServer(({ socket }) => {
      socket.on('data', () => void socket.write(RUNNING));
    });
    const client = clientOf(server.url);
    for (let count = 0; count < 10; count += 1) await client.read('a');
    // One more may be opened while the first is not quite free again.
    expect(server.connections.length).toBeLessThanOrEqual(3);
  });

  test('a redirect is not followed', async () => {
    const target = await answering(RUNNING);
    const server = await answering(jsonReply('302 Found', {}, [`location: ${target.url.href}`]));
    expect(await clientOf(server.url).read('a')).toMatchObject({ says: 'unreadable' });
    expect(target.connections).toHaveLength(0);
  });

  test('Retry-After becomes part of the reading', async () => {
    const server = await answering(jsonReply('429 Too Many Requests', {}, ['retry-after: 5']));
    expect(await clientOf(server.url).read('a')).toMatchObject({ says: 'unreadable', retryAfterMs: 5_000 });
  });
});

describe('a provider that cannot be read is a reading, not an exception', () => {
  test('no server listens', async () => {
    const reading = await clientOf(await refusedUrl()).read('a');
    expect(reading).toMatchObject({ says: 'unreadable' });
    expect(reading).toHaveProperty('message', expect.stringContaining('ECONNREFUSED'));
    expect(JSON.stringify(reading)).not.toContain('secret-key');
  });

  test.each([
    ['the connection breaks before a reply', ''],
    ['the reply breaks off', 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"success":true,'],
    ['the reply is not HTTP', 'SSH-2.0-server\r\n'],
  ])('%s', async (_, bytes) => {
    const server = await startRawServer(async ({ request, socket }) => {
      await request;
      socket.end(bytes);
    });
    expect(await clientOf(server.url).read('a')).toMatchObject({ says: 'unreadable' });
  });

  test('the reply is over the cap by one byte of space', async () => {
    const json = '{"movie":{"status":"running"}}';
    const replyOf = (sizeBytes: number): string =>
      `HTTP/1.1 200 OK\r\ncontent-length: ${sizeBytes}\r\n\r\n${json.padEnd(sizeBytes)}`;
    const over = await answering(replyOf(REPLY_BYTES + 1));
    expect(await clientOf(over.url).read('a')).toMatchObject({ says: 'unreadable' });
    const within = await answering(replyOf(REPLY_BYTES));
    expect(await clientOf(within.url).read('a')).toMatchObject({ says: 'rendering' });
  });
});

describe('an answer of a cache is no answer', () => {
  const text = JSON.stringify({ success: true, movie: { status: 'running', project: 'a' }, movies: [] });
  const cached = `HTTP/1.1 200 OK\r\nage: 0\r\ncontent-length: ${text.length}\r\n\r\n${text}`;

  test('every GET asks for a new one', async () => {
    const server = await startRawServer(({ socket }) => {
      socket.on('data', () => void socket.write(cached.replace('age: 0\r\n', '')));
    });
    const client = clientOf(server.url);
    await client.read('a');
    await client.find('a');
    for await (const movies of client.list(new Date(NOW_MS))) expect(movies).toEqual([]);
    const heads = server.connections.map(({ bytes }) => bytes().toString('latin1')).join('');
    expect(heads.match(/^cache-control: no-cache\r$/gm)).toHaveLength(3);
  });

  test('one with an Age says nothing of a project, of the list and of the account', async () => {
    const server = await startRawServer(({ socket }) => {
      socket.on('data', () => void socket.write(cached));
    });
    const client = clientOf(server.url);
    const message = 'a cache answers in place of JSON2Video (header Age)';
    expect(await client.read('a')).toEqual({ says: 'unreadable', message });
    expect(await client.probe()).toMatchObject({ says: 'unclear', message });
    await expect(client.find('a')).rejects.toThrow(message);
    await expect(client.list(new Date(NOW_MS))[Symbol.asyncIterator]().next()).rejects.toThrow(message);
  });
});

test('the name of an account is that of its key, and tells nothing of it', async () => {
  const url = await refusedUrl();
  expect(clientOf(url).account).toMatch(/^[0-9a-f]{12}$/);
  expect(clientOf(url).account).toBe(clientOf(url).account);
  expect(clientOf(url, 'secret-kez').account).not.toBe(clientOf(url).account);
});

test('submitting is one POST of the movie as JSON with the key in its header', async () => {
  const server = await answering(jsonReply('200 OK', { success: true, project: 'JkGxEoPRF9EgRb32' }));
  const movie = { comment: 'naïve', scenes: [{ elements: [] }] };
  const evidence = await clientOf(server.url).submit(movie, {
    connectTimeoutMs: 5_000,
    replyTimeoutMs: () => 5_000,
    fence: () => Promise.resolve(),
    mayBegin: () => true,
  });
  expect(evidence).toMatchObject({ from: 'reply', status: 200, complete: true });
  const { head, body } = await (await server.first()).request;
  expect(head).toMatch(/^POST \/v2\/movies HTTP\/1\.1\r\n/);
  expect(head).toMatch(/^x-api-key: secret-key$/m);
  expect(head).toMatch(/^content-type: application\/json$/m);
  expect(JSON.parse(body.toString('utf8'))).toEqual(movie);
  expect(server.requests()).toBe(1);
});

test.each([
  ['/gateway', '/gateway/v2/movies?project=a&format=simple'],
  ['/gateway/v2/', '/gateway/v2/movies?project=a&format=simple'],
  ['/v2', '/v2/movies?project=a&format=simple'],
  ['/?code=1', '/v2/movies?code=1&project=a&format=simple'],
])('the address of the provider may have the path %s', async (path, asked) => {
  const server = await answering(RUNNING);
  const client = createJson2Video({ url: server.url.origin + path, apiKey: 'k', now: () => NOW_MS });
  clients.add(client);
  await client.read('a');
  const { head } = await (await server.first()).request;
  expect(head.split('\r\n')[0]).toBe(`GET ${asked} HTTP/1.1`);
});

test('an API key that no header can carry is refused at the start', () => {
  const create = (): Json2Video =>
    createJson2Video({ url: 'http://127.0.0.1', apiKey: 'key\u200B', now: () => 0 });
  expect(create).toThrow('the API key holds the character U+200B at position 4');
});

test('a closed client leaves no connection open', async () => {
  const server = await answering(RUNNING);
  const client = clientOf(server.url);
  await client.read('a');
  await client.close();
  await expect((await server.first()).closed).resolves.toBeUndefined();
});

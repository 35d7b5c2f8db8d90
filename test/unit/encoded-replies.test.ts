import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createJson2Video, type Json2Video } from '../../src/json2video/client.js';
import { postMovie } from '../../src/json2video/post-movie.js';
import { REPLY_BYTES } from '../../src/render/limits.js';
import { classifySubmission } from '../../src/render/submission.js';
import { postTerms } from './post-terms.js';
import { answering, releaseServers } from './raw-server.js';

const clients = new Set<Json2Video>();
releaseServers();
afterEach(async () => {
  await Promise.all([...clients].map((client) => client.close()));
  clients.clear();
});

function clientOf(url: URL): Json2Video {
  const client = createJson2Video({ url: url.origin, apiKey: 'secret-key', now: () => 0 });
  clients.add(client);
  return client;
}

function encoded(coding: string, bytes: Buffer, status = '200 OK'): Buffer {
  const head = `HTTP/1.1 ${status}\r\ncontent-encoding: ${coding}\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

const CODINGS: readonly [string, (text: string) => Buffer][] = [
  ['gzip', gzipSync],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['gzip, br', (text) => brotliCompressSync(gzipSync(text))],
  ['identity', (text) => Buffer.from(text)],
];

describe.each(CODINGS)('a reply in %s', (coding, encode) => {
  test('to a POST is read: an accepted movie is accepted', async () => {
    const text = JSON.stringify({ success: true, project: 'JkGxEoPRF9EgRb32' });
    const server = await answering(encoded(coding, encode(text)));
    expect(classifySubmission(await postMovie(postTerms(server.url)))).toMatchObject({
      end: 'accepted',
      project: 'JkGxEoPRF9EgRb32',
    });
  });

  test('to a GET is read', async () => {
    const text = JSON.stringify({ success: true, movie: { status: 'running', project: 'ü' } });
    const server = await answering(encoded(coding, encode(text)));
    expect(await clientOf(server.url).read('a')).toMatchObject({ says: 'rendering', status: 'running' });
    const { head } = await (await server.first()).request;
    expect(head).toMatch(/^accept-encoding: gzip, deflate, br$/m);
  });
});

const BOMB = gzipSync(Buffer.alloc(REPLY_BYTES + 1, ' '));

test.each([
  ['that is cut off', encoded('gzip', gzipSync('{"success":true,"project":"a"}').subarray(0, 25))],
  ['in an unknown coding', encoded('zstd', Buffer.from('{"success":true,"project":"a"}'))],
  ['that is over the cap once decoded', encoded('gzip', BOMB)],
])('a reply %s is none: the submission is unknown, and a reading is unreadable', async (_, bytes) => {
  const evidence = await postMovie(postTerms((await answering(bytes)).url));
  expect(evidence).toMatchObject({ from: 'reply', status: 200, complete: false });
  expect(classifySubmission(evidence)).toMatchObject({ end: 'unknown' });
  expect(await clientOf((await answering(bytes)).url).read('a')).toMatchObject({ says: 'unreadable' });
});

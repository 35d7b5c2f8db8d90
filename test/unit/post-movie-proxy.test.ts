import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createJson2Video } from '../../src/json2video/client.js';
import { postMovie, type PostRequest } from '../../src/json2video/post-movie.js';
import { proxyFor } from '../../src/json2video/proxy.js';
import { classifySubmission } from '../../src/render/submission.js';
import { postTerms } from './post-terms.js';
import {
  answering,
  jsonReply,
  type RawServer,
  refusedUrl,
  releaseServers,
  startRawServer,
} from './raw-server.js';

releaseServers();

const ACCEPTED = jsonReply('200 OK', { success: true, project: 'JkGxEoPRF9EgRb32' });
/** Only the proxy knows this host. */
const PROVIDER = new URL('https://api.provider.invalid/v2/movies');

let folder: string;
let certificate: TlsOptions;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderonce-proxy-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const terms =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=api.provider.invalid';
  await promisify(execFile)('openssl', [...terms.split(' '), '-keyout', key, '-out', cert]);
  certificate = { key: await readFile(key), cert: await readFile(cert) };
});
beforeEach(() => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
afterAll(() => rm(folder, { recursive: true }));

/** A provider with TLS that accepts every movie. */
function provider(): Promise<RawServer> {
  return startRawServer(async ({ request, socket }) => {
    await request;
    socket.write(ACCEPTED);
  }, certificate);
}

/** A proxy whose tunnels all lead to one server. */
function proxyTo(server: RawServer): Promise<RawServer> {
  return startRawServer(async ({ request, socket }) => {
    await request;
    const tunnel = connect(Number(server.url.port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(tunnel).pipe(socket);
    });
    tunnel.on('error', () => socket.destroy());
    socket.on('close', () => tunnel.destroy());
  });
}

function termsThrough(proxy: URL, more: Partial<PostRequest> = {}): ReturnType<typeof postTerms> {
  const HTTPS_PROXY = `http://user:p%40ss@${proxy.host}`;
  return postTerms(PROVIDER, { proxy: proxyFor(PROVIDER, { HTTPS_PROXY }), ...more });
}

describe('a POST through a proxy', () => {
  test('asks for the go-ahead after the handshake inside the tunnel, and then travels once', async () => {
    const server = await provider();
    const proxy = await proxyTo(server);
    let before: number | undefined;
    const fence = async (): Promise<void> => {
      // Fires for a connection whose handshake is over.
      before = (await server.first()).bytes().length;
    };
    const terms = termsThrough(proxy.url, { fence });
    expect(await postMovie(terms)).toMatchObject({ from: 'reply', status: 200, complete: true });
    expect(terms.asked).toEqual(['fence', 'mayBegin']);
    expect(before).toBe(0);
    expect(server.requests()).toBe(1);
    const { head } = await (await proxy.first()).request;
    expect(head).toMatch(/^CONNECT api\.provider\.invalid:443 HTTP\/1\.1\r\n/);
    expect(head).toContain(`proxy-authorization: Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  });

  test('sends nothing through the tunnel if the go-ahead is denied', async () => {
    const server = await provider();
    const proxy = await proxyTo(server);
    const fence = async (): Promise<void> => {
      await server.first();
      throw new Error('the attempt is over');
    };
    const evidence = await postMovie(termsThrough(proxy.url, { fence }));
    expect(evidence).toMatchObject({ from: 'connection', bytesMayHaveLeft: false });
    await (
      await proxy.first()
    ).closed;
    const connection = await server.first();
    await connection.closed;
    expect(connection.bytes()).toHaveLength(0);
    expect(proxy.connections).toHaveLength(1);
  });

  test.each([
    [
      '407 Proxy Authentication Required',
      'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n',
    ],
    ['403 Forbidden', 'HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n<html>'],
    ['502 Bad Gateway', 'HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n'],
  ])('is refused, not unknown, if the proxy answers %s', async (status, reply) => {
    const proxy = await answering(reply);
    const terms = termsThrough(proxy.url);
    expect(classifySubmission(await postMovie(terms))).toEqual({
      end: 'refused',
      waitingFor: 'a connection to JSON2Video',
      message: `the proxy http://${proxy.url.host} (HTTPS_PROXY) refuses a tunnel to api.provider.invalid:443: HTTP ${status}`,
    });
    expect(terms.asked).toEqual([]);
  });

  test.each<[string, () => Promise<URL>]>([
    ['does not listen', refusedUrl],
    ['never answers', async () => (await startRawServer()).url],
    ['speaks no HTTP', async () => (await answering('SSH-2.0-server\r\n')).url],
    ['closes the connection', async () => (await startRawServer(({ socket }) => void socket.end())).url],
    [
      'leads to a server without TLS',
      async () => (await proxyTo(await answering('HTTP/1.1 400 Bad\r\n\r\n'))).url,
    ],
    ['leads to a server that never answers', async () => (await proxyTo(await startRawServer())).url],
  ])('is refused, not unknown, if the proxy %s', async (_, open) => {
    const terms = termsThrough(await open(), { connectTimeoutMs: 300 });
    const submission = classifySubmission(await postMovie(terms));
    expect(submission).toMatchObject({ end: 'refused', waitingFor: 'a connection to JSON2Video' });
    expect(submission).toHaveProperty('message', expect.stringContaining('the proxy http://127.0.0.1:'));
    expect(JSON.stringify(submission)).not.toContain('p@ss');
    expect(terms.asked).toEqual([]);
  });
});

test('a GET goes through the proxy, too, on a kept tunnel', async () => {
  const running = jsonReply('200 OK', { success: true, movie: { status: 'running' } });
  const server = await startRawServer(({ socket }) => {
    socket.on('data', () => void socket.write(running));
  }, certificate);
  const proxy = await proxyTo(server);
  const env = { HTTPS_PROXY: `http://${proxy.url.host}` };
  const client = createJson2Video({ url: PROVIDER.origin, apiKey: 'secret-key', now: () => 0, env });
  try {
    for (let count = 0; count < 5; count += 1) {
      expect(await client.read('a')).toMatchObject({ says: 'rendering' });
    }
  } finally {
    await client.close();
  }
  expect(proxy.connections.length).toBeLessThanOrEqual(2);
});

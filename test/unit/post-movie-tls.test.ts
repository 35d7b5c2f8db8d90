import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { postMovie } from '../../src/json2video/post-movie.js';
import { postTerms } from './post-terms.js';
import { jsonReply, releaseServers, startRawServer } from './raw-server.js';

releaseServers();
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const ACCEPTED = jsonReply('200 OK', { success: true, project: 'JkGxEoPRF9EgRb32' });

let folder: string;
let certificate: TlsOptions;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderonce-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const terms =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 ' +
    '-addext subjectAltName=IP:127.0.0.1';
  await promisify(execFile)('openssl', [...terms.split(' '), '-keyout', key, '-out', cert]);
  certificate = { key: await readFile(key), cert: await readFile(cert) };
});
afterAll(() => rm(folder, { recursive: true }));

test('with an untrusted certificate no byte leaves, and the engine is not asked', async () => {
  const server = await startRawServer(undefined, certificate);
  const terms = postTerms(server.url);
  const evidence = await postMovie(terms);
  expect(evidence).toMatchObject({ from: 'connection', bytesMayHaveLeft: false });
  expect(evidence).toHaveProperty('message', expect.stringMatching(/self-signed/i));
  expect(terms.asked).toEqual([]);
  expect(server.requests()).toBe(0);
});

test('the engine is asked after the TLS handshake, and the movie then travels once', async () => {
  // The same server with the certificate trusted: above, only the certificate fails.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  vi.spyOn(process, 'emitWarning').mockImplementationOnce(() => undefined);
  const server = await startRawServer(async ({ request, socket }) => {
    await request;
    socket.write(ACCEPTED);
  }, certificate);
  let bytesBefore: number | undefined;
  const fence = async (): Promise<void> => {
    bytesBefore = (await server.first()).bytes().length;
  };
  const evidence = await postMovie(postTerms(server.url, { fence }));
  expect(evidence).toMatchObject({ from: 'reply', status: 200, complete: true });
  expect(bytesBefore).toBe(0);
  expect(server.requests()).toBe(1);
});

test('a server that never finishes the handshake is left after the connect timeout, and no byte has left', async () => {
  const server = await startRawServer();
  const url = new URL(server.url);
  url.protocol = 'https:';
  const terms = postTerms(url, { connectTimeoutMs: 50 });
  const evidence = await postMovie(terms);
  expect(evidence).toMatchObject({ from: 'connection', bytesMayHaveLeft: false });
  expect(evidence).toHaveProperty('message', expect.stringMatching(/timeout/i));
  expect(terms.asked).toEqual([]);
  await server.connections[0]?.closed;
});

test('with plain HTTP in place of TLS no byte leaves', async () => {
  const server = await startRawServer(({ socket }) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const url = new URL(server.url);
  url.protocol = 'https:';
  const evidence = await postMovie(postTerms(url));
  expect(evidence).toMatchObject({ from: 'connection', bytesMayHaveLeft: false });
});

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect, createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';

/**
 * An engine behind a front such as Temporal Cloud's: TLS, and an API key or a client certificate from everybody. What
 * concerns namespaces and search attributes is refused.
 */
export interface CloudFront {
  readonly port: number;
  /** For `NODE_EXTRA_CA_CERTS` of whoever connects. */
  readonly certificateFile: string;
  close(): Promise<void>;
}

const MANAGED = /\/(RegisterNamespace|UpdateNamespace|AddSearchAttributes)$/;
const [PERMISSION_DENIED, UNAUTHENTICATED] = ['7', '16'];

/** Certificates are written to the folder: `server.pem`, and `client.pem` with `client.key`. */
export async function openCloudFront(address: string, folder: string, apiKey: string): Promise<CloudFront> {
  for (const name of ['server', 'client']) await writeCertificate(folder, name);
  const read = (name: string): Promise<Buffer> => readFile(join(folder, name));
  const [key, cert, ca] = await Promise.all(['server.key', 'server.pem', 'client.pem'].map(read));
  const engine = connect(`http://${address}`);
  const server = createSecureServer({ key, cert, ca, requestCert: true, rejectUnauthorized: false });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream, headers) => {
    const { socket } = stream.session ?? {};
    const isKnown =
      headers.authorization === `Bearer ${apiKey}` || (socket instanceof TLSSocket && socket.authorized);
    if (!isKnown) return refuse(stream, UNAUTHENTICATED);
    if (MANAGED.test(headers[':path'] ?? '')) return refuse(stream, PERMISSION_DENIED);
    passOn(stream, engine.request(headers));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    certificateFile: join(folder, 'server.pem'),
    close: async () => {
      for (const session of sessions) session.destroy();
      engine.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(stream: ServerHttp2Stream, status: string | undefined): void {
  const trailers = { 'grpc-status': status, 'grpc-message': 'Request unauthorized.' };
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...trailers }, { endStream: true });
}

function passOn(stream: ServerHttp2Stream, onward: ReturnType<ReturnType<typeof connect>['request']>): void {
  let trailers: IncomingHttpHeaders = {};
  // Whoever asked may be gone by now: long polls are given up when a client ends.
  stream.on('close', () => onward.close());
  onward.on('response', (headers) => {
    if (stream.destroyed) return;
    // A refusal of the engine's is nothing but headers.
    if (headers['grpc-status'] !== undefined) return stream.respond(headers, { endStream: true });
    stream.respond(headers, { waitForTrailers: true });
    onward.pipe(stream);
  });
  onward.on('trailers', (sent) => {
    trailers = sent;
  });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  for (const each of [stream, onward]) each.on('error', () => each.destroy());
  stream.pipe(onward);
}

async function writeCertificate(folder: string, name: string): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  // Temporal's native core takes no authority for a server.
  const extensions = ['subjectAltName=DNS:localhost,IP:127.0.0.1', 'basicConstraints=CA:FALSE'];
  const subject = ['-subj', `/CN=${name}`, ...extensions.flatMap((each) => ['-addext', each])];
  const out = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)];
  await promisify(execFile)('openssl', ['req', '-x509', '-days', '2', ...key, ...subject, ...out]);
}

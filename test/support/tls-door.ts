import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';

/**
 * An https address in front of the local JSON2Video whose handshake can be held. A client that waits at the door has a
 * connection and has not sent a byte of its request: the one place where "before the fence" can be made to last.
 */
export interface TlsDoor {
  readonly url: string;
  /** For `NODE_EXTRA_CA_CERTS` of the process that connects. */
  readonly certificateFile: string;
  /** Connections whose handshake is held. */
  held(): number;
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

export async function openTlsDoor(targetUrl: string): Promise<TlsDoor> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-tls-'));
  const certificateFile = join(folder, 'certificate.pem');
  const keyFile = join(folder, 'key.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-days',
    '2',
    ...key,
    ...subject,
    '-out',
    certificateFile,
  ]);
  const sockets = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
    return socket;
  };
  const target = Number(new URL(targetUrl).port);
  const tls = createTlsServer(
    { cert: await readFile(certificateFile), key: await readFile(keyFile) },
    (inner) => {
      inner.on('error', () => inner.destroy());
      const onward = track(connect(target, '127.0.0.1'));
      inner.pipe(onward).pipe(inner);
    },
  );
  tls.on('tlsClientError', () => undefined);
  let isOpen = true;
  let waiting: Socket[] = [];
  const door = createServer({ pauseOnConnect: true }, (socket) => {
    track(socket);
    if (isOpen) admit(socket);
    else waiting.push(socket);
  });
  const admit = (socket: Socket): void => {
    tls.emit('connection', socket);
    socket.resume();
  };
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const { port } = door.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    certificateFile,
    held: () => waiting.filter((socket) => !socket.destroyed).length,
    shut: () => {
      isOpen = false;
    },
    open: () => {
      isOpen = true;
      for (const socket of waiting) admit(socket);
      waiting = [];
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => door.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

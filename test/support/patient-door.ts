import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP address in front of the local JSON2Video that lets a client wait with its first byte for as long as it likes. */
export interface PatientDoor {
  readonly url: string;
  close(): Promise<void>;
}

export async function openPatientDoor(targetUrl: string): Promise<PatientDoor> {
  const port = Number(new URL(targetUrl).port);
  const sockets = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  };
  const door = createServer((inner) => {
    track(inner).once('data', (first: Buffer) => {
      const onward = track(connect(port, '127.0.0.1'));
      onward.write(first);
      inner.pipe(onward).pipe(inner);
    });
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => door.close(resolve));
    },
  };
}

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Lane } from './lane.js';

/** A TCP connection that can be made bad in every way: held, slow, sliced, cut off, reset, a black hole. */
export interface TcpProxy {
  readonly port: number;
  /** From client to server. */
  readonly requests: Lane;
  /** From server to client. */
  readonly replies: Lane;
  /** Resets all connections. */
  reset(): void;
  /** Lets all through again. */
  open(): void;
  /** Sockets that are open on either side. */
  sockets(): number;
  close(): Promise<void>;
}

export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const requests = new Lane();
  const replies = new Lane();
  const track = (socket: Socket, other: () => Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    return socket.once('close', () => {
      sockets.delete(socket);
      other().destroy();
    });
  };
  const server = createServer((client) => {
    const onward: Socket = track(connect(targetPort, '127.0.0.1'), () => client);
    track(client, () => onward);
    requests.join(client, onward);
    replies.join(onward, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    replies,
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    open: () => {
      requests.open();
      replies.open();
    },
    sockets: () => sockets.size,
    close: async () => {
      const closed = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all([...closed, new Promise((resolve) => server.close(resolve))]);
    },
  };
}

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line on which everything that a client says arrives later. */
export interface SlowLine {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens a line to a local port. Requests keep their order; replies pass at once. */
export async function openSlowLine(targetPort: number, latencyMs: number): Promise<SlowLine> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket, other: () => Socket): Socket => {
    sockets.add(socket);
    return socket
      .setNoDelay(true)
      .on('error', () => undefined)
      .once('close', () => {
        sockets.delete(socket);
        other().destroy();
      });
  };
  const server = createServer((client) => {
    const onward: Socket = track(connect(targetPort, '127.0.0.1'), () => client);
    track(client, () => onward);
    onward.pipe(client);
    client.on('data', (piece) => {
      setTimeout(() => {
        if (!onward.destroyed) onward.write(piece);
      }, latencyMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import { type AddressInfo, createServer, type Socket } from 'node:net';

/** Where a worker's POSTs wait between the reply that they read and their return; see worker-preload.mjs. Open at first. */
export interface ReturnGate {
  /** For the worker's environment. */
  readonly env: Readonly<Record<string, string>>;
  waiting(): number;
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

export async function openReturnGate(): Promise<ReturnGate> {
  const waiting = new Set<Socket>();
  let isOpen = true;
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('close', () => waiting.delete(socket));
    if (isOpen) socket.destroy();
    else waiting.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const open = (): void => {
    isOpen = true;
    for (const socket of waiting) socket.destroy();
  };
  return {
    env: {
      NODE_OPTIONS: `--import ${new URL('./worker-preload.mjs', import.meta.url).href}`,
      FAULT_RETURN_GATE: String(port),
    },
    waiting: () => waiting.size,
    shut: () => {
      isOpen = false;
    },
    open,
    close: async () => {
      open();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigInvalid } from '../../render/errors.js';
import type { ListenAddress } from '../../text/listen-address.js';
import type { DataFolder } from './data-folder.js';
import { type Listener, listening } from './serve.js';

/** Time in which the processes of a killed start give their ports back. */
const PORT_WAIT_MS = 10_000;
const PORT_PAUSE_MS = 100;

/**
 * Returns a port of the address that is free now: the process that takes it next can name its own option only. Any free
 * port stays 0.
 *
 * @throws ConfigInvalid if it is taken
 */
export async function freePort(
  listener: Listener,
  { host, port, orAnyPort = false }: ListenAddress,
  folder: DataFolder,
): Promise<number> {
  if (port === 0) return 0;
  const last = folder.lastRunning();
  for (const untilMs = last === undefined ? 0 : Date.now() + PORT_WAIT_MS; ;) {
    try {
      return await listening(listener, { host, port }, heldForAMoment);
    } catch (error) {
      if (!(error instanceof ConfigInvalid)) throw error;
      if (Date.now() > untilMs && orAnyPort) return 0;
      if (Date.now() > untilMs) throw error;
    }
    await sleep(PORT_PAUSE_MS);
  }
}

async function heldForAMoment(host: string, port: number): Promise<number> {
  const server = createServer().listen({ host, port, exclusive: true });
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : port;
}

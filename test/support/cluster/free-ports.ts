import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Temporal keeps a port of its members in a column of two bytes with a sign. Systems choose free ports above it. */
const ABOVE_LAST = 32_768;
const FIRST = 15_000;
const ATTEMPTS = 200;

/** Returns so many different ports of 127.0.0.1 that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held = new Map<number, Server>();
  try {
    for (let attempt = 0; attempt < ATTEMPTS && held.size < count; attempt += 1) {
      const port = randomInt(FIRST, ABOVE_LAST);
      const server = await hold(port);
      if (server !== undefined) held.set(port, server);
    }
    if (held.size < count) throw new Error(`there are no ${count} free ports from ${FIRST} to ${ABOVE_LAST}`);
    return [...held.keys()];
  } finally {
    await Promise.all([...held.values()].map((server) => new Promise((closed) => server.close(closed))));
  }
}

function hold(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(server));
  });
}

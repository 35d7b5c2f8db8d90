import { randomInt } from 'node:crypto';
import { choosePorts } from '../../src/engine/ports.js';

/** Below the ports that Linux and macOS give to those who ask for any (from 32768 and 49152). */
const FIRST = 20_000;
const END = 32_000;

/**
 * A free port for a server that starts later, or stops and comes back: one that the system chose would be given to
 * others meanwhile.
 */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, END);
    const isFree = await choosePorts({ ip: '127.0.0.1', port }).then(
      () => true,
      () => false,
    );
    if (isFree) return port;
  }
}

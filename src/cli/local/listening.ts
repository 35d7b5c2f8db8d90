import type { ListenAddress } from '../../config.js';
import { ConfigInvalid } from '../../render/errors.js';
import { messageOf } from '../../text/text.js';

/**
 * Starts a server of ours; a place where it cannot listen is told as a fault of the variable that names it.
 *
 * @throws ConfigInvalid
 */
export async function listening<T>(
  variable: 'RENDERONCE_LISTEN' | 'RENDERONCE_WORKER_LISTEN',
  { host, port }: ListenAddress,
  start: () => Promise<T>,
): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const isAboutPlace = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
    if (!isAboutPlace) throw error;
    const offToo = variable === 'RENDERONCE_WORKER_LISTEN' ? ', and off none' : '';
    throw new ConfigInvalid(
      `cannot listen at ${host}:${port}: ${isTaken(error) ? 'another process does' : messageOf(error)}`,
      `Set ${variable} to a free host:port; port 0 takes any free one${offToo}.`,
    );
  }
}

/** Whether a server could not start because another process listens there. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

import type { Config } from '../../config.js';
import { ConfigInvalid } from '../../render/errors.js';
import { messageOf } from '../../text/text.js';
import type { Output } from '../print/output.js';

/** A service that a long-running command has started. */
export interface Service {
  /** Printed when it serves; with `--json` beside `ready: true`. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly lines: readonly string[];
  stop(): Promise<void>;
  /** Rejects when the service has ended by itself; never resolves. */
  readonly failed?: Promise<never>;
}

/** Prints that the service is ready and keeps it until `stopRequested` resolves or the service fails. */
export async function serve(service: Service, output: Output): Promise<void> {
  // A reader of the first line may send a signal at once, so listen before printing it.
  const stopped = stopRequested();
  output.result({ ready: true, ...service.facts }, service.lines);
  try {
    await Promise.race([stopped, ...(service.failed === undefined ? [] : [service.failed])]);
  } finally {
    await service.stop();
  }
}

/** Resolves on SIGTERM, on SIGINT, or when the parent that spawned this process has ended. */
export function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    if (process.channel) {
      process.once('disconnect', resolve);
      // The channel must not keep a stopped process alive.
      process.channel.unref();
    }
  });
}

/**
 * Starts a server at an address of the configuration, or on any free port if the address allows that.
 *
 * @throws ConfigInvalid, which names the variable, if the server cannot listen there
 */
export async function listening<T>(
  variable: 'RENDERONCE_LISTEN' | 'RENDERONCE_WORKER_LISTEN',
  { host, port, orAnyPort = false }: Config['listen'],
  start: (host: string, port: number) => Promise<T>,
): Promise<T> {
  try {
    return await start(host, port);
  } catch (error) {
    if (orAnyPort && isTaken(error)) return listening(variable, { host, port: 0 }, start);
    const isAboutAddress = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
    if (!isAboutAddress) throw error;
    const orOff = variable === 'RENDERONCE_WORKER_LISTEN' ? ', and off none' : '';
    throw new ConfigInvalid(
      `cannot listen at ${host}:${port}: ${isTaken(error) ? 'another process does' : messageOf(error)}`,
      `Set ${variable} to a free host:port; port 0 takes any free one${orOff}.`,
    );
  }
}

/** True if a server could not start because another process listens at its address. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

import { ConfigInvalid } from '../../render/errors.js';
import type { ListenAddress } from '../../text/listen-address.js';
import { messageOf } from '../../text/text.js';
import type { Output } from '../print/output.js';

/** A service that a long-running command has started. */
export interface Service {
  /** Printed when it serves; with `--json` beside `ready: true`. */
  readonly facts: Readonly<Record<string, string | number | boolean | undefined>>;
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

/** The services that listen, each with its likely rival for the port and the setting that moves it. */
const LISTENERS = {
  receiver: {
    rival: 'another receiver or web server',
    move: 'Set RENDERONCE_LISTEN to a free host:port, or give --port; port 0 takes any free one.',
  },
  server: {
    rival: 'another server or receiver',
    move: 'Set RENDERONCE_LISTEN to a free host:port, or give --port; port 0 takes any free one.',
  },
  worker: {
    rival: 'another worker',
    move: 'Set RENDERONCE_WORKER_LISTEN to a free host:port; port 0 takes any free one, and off none.',
  },
  codec: { rival: 'another codec server', move: 'Give another --port; 0 takes any free one.' },
  fake: {
    rival: 'another local JSON2Video, of `renderonce dev` or `renderonce fake`',
    move: 'Stop it, or give another --port; 0 takes any free one.',
  },
  'dev-server': {
    rival: 'another server or receiver',
    move: 'Give another --api-port; 0 takes any free one.',
  },
  'dev-fake': {
    rival: 'another local JSON2Video, of `renderonce dev` or `renderonce fake`',
    move: 'Stop it, or give another --fake-port; 0 takes any free one.',
  },
} as const;

/** A service whose port an error may name. */
export type Listener = keyof typeof LISTENERS;

/**
 * Starts a server at an address, or on any free port if the address allows that.
 *
 * @throws ConfigInvalid, which names the port, its likely holder and the setting, if the server cannot listen there
 */
export async function listening<T>(
  listener: Listener,
  { host, port, orAnyPort = false }: ListenAddress,
  start: (host: string, port: number) => Promise<T>,
): Promise<T> {
  try {
    return await start(host, port);
  } catch (error) {
    if (orAnyPort && isTaken(error)) return listening(listener, { host, port: 0 }, start);
    const isAboutAddress = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
    if (!isAboutAddress) throw error;
    const { rival, move } = LISTENERS[listener];
    const reason = isTaken(error) ? `another process does, probably ${rival}` : messageOf(error);
    throw new ConfigInvalid(`cannot listen at ${host}:${port}: ${reason}`, move);
  }
}

/** True if a server could not start because another process listens at its address. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

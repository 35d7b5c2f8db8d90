import type { Output } from '../print/output.js';

/** What a long-running command has started. */
export interface Service {
  /** Said when it serves; with `--json` beside `ready: true`. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly lines: readonly string[];
  stop(): Promise<void>;
  /** Rejects when the service has ended by itself; never resolves while it serves. */
  readonly failed?: Promise<never>;
}

/** Says that the service is ready and keeps it until SIGTERM or SIGINT, or until the parent that spawned it is gone. */
export async function serve(service: Service, output: Output): Promise<void> {
  // Before anybody is told that this process can be stopped.
  const stopped = stopRequested();
  output.result({ ready: true, ...service.facts }, service.lines);
  try {
    await Promise.race([stopped, ...(service.failed === undefined ? [] : [service.failed])]);
  } finally {
    await service.stop();
  }
}

/** Resolves on SIGTERM, on SIGINT, or when the parent that spawned this process is gone. */
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

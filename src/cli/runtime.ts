import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * Sends the SDK's and its native core's logs to ours, but for its traces: they hold all payloads, decrypted. Once a
 * process, before any connection is made. The process's own signal handlers decide when a worker stops, not the SDK's.
 */
export function installRuntime(logger: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('DEBUG', (entry: LogEntry) => {
      logger[LEVELS[entry.level]]({ ...entry.meta }, entry.message);
    }),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } },
    shutdownSignals: [],
  });
}

/** Ends the native core; without it a process that never created a worker would not end. */
export async function shutDownRuntime(): Promise<void> {
  await Runtime.instance().shutdown();
}

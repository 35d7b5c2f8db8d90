import { DefaultLogger, type LogEntry, MetricsBuffer, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { SDK_METRICS_BUFFER } from '../../render/limits.js';
import { SdkMetrics } from '../../worker/sdk-metrics.js';
import { logFields } from './log-fields.js';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * Sends the SDK's and its native core's logs to ours, but for its traces: they hold all payloads, decrypted. Once a
 * process, before any connection is made. The process's own signal handlers decide when a worker stops, not the SDK's.
 * With `measured` its metrics are kept for whoever asks.
 */
export function installRuntime(logger: Logger, measured: boolean): SdkMetrics | undefined {
  const buffer = measured
    ? new MetricsBuffer({ maxBufferSize: SDK_METRICS_BUFFER, useSecondsForDurations: true })
    : undefined;
  Runtime.install({
    logger: new DefaultLogger('DEBUG', (entry: LogEntry) => {
      logger[LEVELS[entry.level]](logFields(entry.meta), entry.message);
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
      ...(buffer === undefined ? {} : { metrics: { buffer } }),
    },
    shutdownSignals: [],
  });
  return buffer === undefined ? undefined : new SdkMetrics(buffer);
}

/** Ends the native core; without it a process that never created a worker would not end. */
export async function shutDownRuntime(): Promise<void> {
  await Runtime.instance().shutdown();
}

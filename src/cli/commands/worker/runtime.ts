import { DefaultLogger, type LogEntry, type LogMetadata, MetricsBuffer, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { SdkMetrics } from '../../../worker/sdk-metrics.js';

/** Updates that the SDK's buffer holds: ten times the updates between two drains of a busy worker. */
const METRICS_BUFFER = 20_000;

/** The SDK's runtime in this process. */
interface InstalledRuntime {
  readonly metrics: SdkMetrics | undefined;
  /** Ends the native core; otherwise a process that never created a worker would not end. */
  shutDown(): Promise<void>;
}

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * Installs the SDK's runtime, once a process and before any connection. It sends the logs of the SDK and of its native
 * core to our logger, except for traces: they hold all payloads, decrypted. It has no signal handlers, since the command
 * decides when a worker stops. With `measured` it keeps the SDK's metrics.
 */
export function installRuntime(logger: Logger, measured: boolean): InstalledRuntime {
  const buffer = measured
    ? new MetricsBuffer({ maxBufferSize: METRICS_BUFFER, useSecondsForDurations: true })
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
  const metrics = buffer === undefined ? undefined : new SdkMetrics(buffer);
  return {
    metrics,
    shutDown: async () => {
      metrics?.close();
      await Runtime.instance().shutdown();
    },
  };
}

/**
 * Returns the fields of a line of the SDK's log in our words and in reading order: the workflow's ID is the key. It drops
 * the task token, which is long and of no use to a reader.
 */
function logFields(meta: LogMetadata = {}): Record<string, unknown> {
  const { workflowId, project, taskToken: _, ...rest } = meta;
  return {
    ...(workflowId === undefined ? {} : { key: workflowId }),
    ...(project === undefined ? {} : { project }),
    ...rest,
  };
}

import { ConfigInvalid, WorkerNotInstalled } from '../render/errors.js';

/** Optional peers with Temporal's native core and a bundler, which only workers need. */
const PACKAGES = ['@temporalio/worker', '@temporalio/activity'];

/**
 * Checks that the packages of workers are installed, without loading them.
 *
 * @throws WorkerNotInstalled
 */
export function requireWorkerPackages(): void {
  for (const name of PACKAGES) {
    try {
      import.meta.resolve(name);
    } catch (cause) {
      throw new WorkerNotInstalled(`package ${name} is not installed`, { cause });
    }
  }
}

/**
 * Checks that the package of traces is installed.
 *
 * @throws ConfigInvalid
 */
export function requireTracingPackage(): void {
  try {
    import.meta.resolve('@opentelemetry/api');
  } catch {
    throw new ConfigInvalid(
      'traces are switched on, but package @opentelemetry/api is not installed',
      'Run `npm install @opentelemetry/api@1` and register an OpenTelemetry SDK (docs/metrics.md), or switch RENDERONCE_TRACES off.',
    );
  }
}

import { ConfigInvalid, WorkerNotInstalled } from '../render/errors.js';

/** Optional peers: they bring Temporal's native core and a bundler, which backends, receivers and commands do without. */
const PACKAGES = ['@temporalio/worker', '@temporalio/activity'];

/**
 * Fails where a package that only workers need is absent, and loads none: for those who are about to load them, and for
 * those who leave the work to other processes.
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
 * Fails where traces are wanted and the package that they go through is absent.
 *
 * @throws ConfigInvalid
 */
export function requireTracingPackage(): void {
  try {
    import.meta.resolve('@opentelemetry/api');
  } catch {
    throw new ConfigInvalid(
      'traces are switched on, and package @opentelemetry/api is not installed',
      'Run `npm install @opentelemetry/api@1` and register an OpenTelemetry SDK (docs/metrics.md), or switch RENDERONCE_TRACES off.',
    );
  }
}

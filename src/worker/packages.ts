import { WorkerNotInstalled } from '../render/errors.js';

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

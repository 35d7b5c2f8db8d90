import { WorkerNotInstalled } from '../render/errors.js';

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

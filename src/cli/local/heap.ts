import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 collect garbage before a heap has grown by half since the last collection, and keep young objects in 4 MB
 * spaces, in every thread that starts from now on; by default it lets heaps grow with the machine's memory. For a
 * process that waits more than it computes: bench/README.md tells what it saves and costs.
 */
export function keepHeapSmall(): void {
  for (const flag of [
    '--heap-growing-percent=50',
    '--initial-old-space-size=64',
    '--max-semi-space-size=4',
  ]) {
    setFlagsFromString(flag);
  }
}

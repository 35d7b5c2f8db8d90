import { setFlagsFromString } from 'node:v8';

/** Longer than most commands take, and than a worker needs to start. */
const START_MS = 2_000;

/**
 * Has V8 optimize nothing in this process's first two seconds: what a start runs, it runs once. Whoever stays gets
 * optimized code after that. bench/README.md tells what it saves.
 */
export function optimizeLater(): void {
  setFlagsFromString('--no-opt');
  setTimeout(() => setFlagsFromString('--opt'), START_MS).unref();
}

import { setFlagsFromString } from 'node:v8';

/** Longer than most commands take, and than a worker needs to start. */
const START_MS = 2_000;

/** From here on V8 has a compiler between, which costs a start little, and does not go back to its last one (measured). */
const FIRST_WITHOUT_NEED = 24;

/**
 * Has V8 optimize nothing in this process's first two seconds: what a start runs, it runs once. Whoever stays gets
 * optimized code after that. bench/README.md tells what it saves.
 *
 * @param node the version of Node, as `process.versions.node` gives it
 */
export function optimizeLater(node: string): void {
  if (Number.parseInt(node, 10) >= FIRST_WITHOUT_NEED) return;
  setFlagsFromString('--no-opt');
  setTimeout(() => setFlagsFromString('--opt'), START_MS).unref();
}

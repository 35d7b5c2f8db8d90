import { setFlagsFromString } from 'node:v8';

/** Longer than most commands take, and than a worker needs to start. */
const START_MS = 2_000;

/** From this version of Node on V8 starts cheaply, and never optimizes again once it was switched off (measured). */
const FIRST_WITHOUT_NEED = 24;

/**
 * Turns off V8's optimizer for the first 2 s of this process, because start-up code runs only once. bench/README.md has
 * the saving.
 *
 * @param node version of Node, as in `process.versions.node`
 */
export function optimizeLater(node: string): void {
  if (Number.parseInt(node, 10) >= FIRST_WITHOUT_NEED) return;
  setFlagsFromString('--no-opt');
  setTimeout(() => setFlagsFromString('--opt'), START_MS).unref();
}

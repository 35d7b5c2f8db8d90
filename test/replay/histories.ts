import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type History, historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import manifest from '../../package.json' with { type: 'json' };

/** Stack traces name files: a recording is the same wherever it is made. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = fileURLToPath(new URL('histories/', import.meta.url));

/** The version whose histories are recorded now; those of versions before stay as they are. */
export const VERSION = manifest.version;

/** A recorded run. */
export interface Golden {
  /** Of renderonce, when it was recorded. */
  readonly version: string;
  /** The scenario, which is the run's workflow ID too; with `.after` the workflow that followed it. */
  readonly name: string;
  readonly history: History;
}

/** Returns the name of the workflow that followed a scenario's render. */
export function afterName(scenario: string): string {
  return `${scenario}.after`;
}

/** All recorded runs of all versions. */
export async function readGolden(): Promise<readonly Golden[]> {
  const versions = await readdir(FOLDER);
  const perVersion = versions.map(async (version) => {
    const files = await readdir(join(FOLDER, version));
    return Promise.all(
      files.map(async (file) => ({
        version,
        name: file.replace('.json', ''),
        history: historyFromJSON(JSON.parse(await readFile(join(FOLDER, version, file), 'utf8'))),
      })),
    );
  });
  return (await Promise.all(perVersion)).flat();
}

/** Writes a history with one event a line, so that a new recording can be compared with the last one. */
export async function writeGolden(name: string, history: History): Promise<void> {
  const { events } = JSON.parse(historyToJSON(history)) as { events: readonly unknown[] };
  const lines = events.map((event) => JSON.stringify(event).replaceAll(ROOT, ''));
  await mkdir(join(FOLDER, VERSION), { recursive: true });
  await writeFile(join(FOLDER, VERSION, `${name}.json`), `{"events":[\n${lines.join(',\n')}\n]}\n`);
}

import { cpSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILD } from './compiled.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A change to the compiled code: a text that stands in a file exactly once, and what takes its place. */
export interface Plant {
  /** The file, as a path from `build`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A copy of `build` that runs like it; remove it in the end. */
export interface PlantedDist {
  /** The copy's folder. */
  readonly dist: string;
  remove(): Promise<void>;
}

/** True if the build's bundle of the workflows holds the file, or was made as the file says. */
const isOfWorkflow = ({ file }: Plant): boolean =>
  /^(workflows|render)\//.test(file) || file === 'worker/workflow-code.js';

/** Copies `build` to a folder of its own and changes it. `src` knows nothing of this. */
export async function plantDist(plants: readonly Plant[]): Promise<PlantedDist> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-planted-'));
  const dist = join(folder, 'dist');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    // Without the build's bundle a worker makes its own, of what is planted.
    const isStale = (file: string): boolean =>
      file.endsWith('workflow-bundle.js') && plants.some(isOfWorkflow);
    // Hundreds of small files take less than half the time so.
    cpSync(BUILD, dist, {
      recursive: true,
      filter: (file) => !/\.(map|d\.ts)$/.test(file) && !isStale(file),
    });
    await copyFile(join(ROOT, 'package.json'), join(folder, 'package.json'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const plant of plants) await apply(join(dist, plant.file), plant);
    return { dist, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A text that is not there, or there twice, is an error: a bug that is not planted would be one that is not caught. */
async function apply(path: string, { file, from, to }: Plant): Promise<void> {
  const code = await readFile(path, 'utf8');
  const count = code.split(from).length - 1;
  if (count !== 1) {
    throw new Error(`build/${file} holds this text ${count} times, not once; adapt the planted bug: ${from}`);
  }
  await writeFile(
    path,
    code.replace(from, () => to),
  );
}

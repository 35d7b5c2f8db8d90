import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The project as it was compiled last. */
export const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** Loads a module of a compiled project; of this one by default. */
export async function loadCompiled<Module>(file: string, dist: string = DIST): Promise<Module> {
  const module: Module = await import(pathToFileURL(join(dist, file)).href);
  return module;
}

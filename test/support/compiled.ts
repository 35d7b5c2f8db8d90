import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The project as it was compiled last, a file for each module: in `dist`, which is published, they are bundled. */
export const BUILD = fileURLToPath(new URL('../../build', import.meta.url));

/** The published command line. */
export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Loads a module of a compiled project; of this one by default. */
export async function loadCompiled<Module>(file: string, dist: string = BUILD): Promise<Module> {
  const module: Module = await import(pathToFileURL(join(dist, file)).href);
  return module;
}

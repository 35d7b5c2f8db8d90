import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflows } from '../support/bundle.js';

/** The bundled workflows of compiled projects: the build's own, or where a bug is planted one that is made once. */
export class Bundles {
  readonly #folder: string;
  readonly #files = new Map<string, Promise<string>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file that holds the bundle of a project's workflow. */
  of(dist: string): Promise<string> {
    const file = this.#files.get(dist) ?? this.#bundle(dist);
    this.#files.set(dist, file);
    return file;
  }

  async #bundle(dist: string): Promise<string> {
    const built = join(dist, 'workflow-bundle.js');
    if (existsSync(built)) return built;
    const file = join(this.#folder, `${createHash('sha256').update(dist).digest('hex')}.js`);
    await writeFile(file, await bundleWorkflows(join(dist, 'workflows/index.js')));
    return file;
  }
}

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleCompiled } from '../support/bundle.js';

/** The bundled workflows of compiled projects, each in a file that is made once. */
export class Bundles {
  readonly #folder: string;
  readonly #files = new Map<string, Promise<string>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file that holds the bundle of a project's workflow. */
  of(dist: string): Promise<string> {
    const file = this.#files.get(dist) ?? this.#write(dist);
    this.#files.set(dist, file);
    return file;
  }

  async #write(dist: string): Promise<string> {
    const file = join(this.#folder, `${createHash('sha256').update(dist).digest('hex')}.js`);
    await writeFile(file, await bundleCompiled(dist));
    return file;
  }
}

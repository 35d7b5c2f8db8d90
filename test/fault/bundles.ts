import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** The bundled workflows of compiled projects, each bundled once. */
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
    const workflowsPath = join(dist, 'workflows/index.js');
    const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
    const file = join(this.#folder, `${createHash('sha256').update(dist).digest('hex')}.js`);
    await writeFile(file, code);
    return file;
  }
}

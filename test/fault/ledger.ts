import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A movie that the provider has accepted, as its ledger on disk says. */
export interface AcceptedMovie {
  readonly project: string;
  /** How it really ended; nothing while it renders. */
  readonly ended?: 'done' | 'error';
}

const line = z.object({
  event: z.string(),
  project: z.string().optional(),
  key: z.string().optional(),
  status: z.unknown().optional(),
});

/** The provider's ledger file, the oracle: every accepted movie is in it before its sender is told. */
export class Ledger {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** All accepted movies by key. */
  async movies(): Promise<ReadonlyMap<string, readonly AcceptedMovie[]>> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    const movies = new Map<string, AcceptedMovie[]>();
    // A line that is being written has no end yet.
    for (const each of text.split('\n').slice(0, -1)) {
      const { event, project, key, status } = line.parse(JSON.parse(each));
      if (key === undefined || project === undefined) continue;
      const ofKey = movies.get(key) ?? [];
      movies.set(key, ofKey);
      if (event === 'accepted') ofKey.push({ project });
      const index = ofKey.findIndex((movie) => movie.project === project);
      if (event === 'ended' && index >= 0)
        ofKey[index] = { project, ended: status === 'done' ? 'done' : 'error' };
    }
    return movies;
  }
}

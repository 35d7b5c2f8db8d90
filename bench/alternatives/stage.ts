import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClient } from '../fake-client.js';
import type { Alternative, AlternativeOptions, StartAlternative } from './alternative.js';
import { startDbos } from './dbos/index.js';
import { startPostgres } from '../../test/support/cluster/postgres.js';
import { startRecipe } from './recipe/index.js';
import { startRenderonce } from './renderonce/index.js';
import { startRestate } from './restate/index.js';

/** All that are measured, by the names under which they are reported. */
export const NAMES = ['renderonce', 'renderonce-in-memory', 'recipe', 'dbos', 'restate'] as const;

export type AlternativeName = (typeof NAMES)[number];

const STARTS: Readonly<Record<AlternativeName, StartAlternative>> = {
  renderonce: startRenderonce('file'),
  'renderonce-in-memory': startRenderonce('memory'),
  recipe: startRecipe,
  dbos: startDbos,
  restate: startRestate,
};

/** Those whose paying step has a number of attempts that a careful user would change. */
export const WITH_ATTEMPTS: readonly AlternativeName[] = ['dbos', 'restate'];

/** What all of them share in a run. */
export interface Stage {
  readonly provider: FakeClient;
  readonly postgresVersion: string;
  start(name: AlternativeName, payAttempts: AlternativeOptions['payAttempts']): Promise<Alternative>;
  /** Stops all that was started. */
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'renderonce-alternatives-'));
  const stops: (() => Promise<void>)[] = [() => rm(directory, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  };
  try {
    const postgres = await startPostgres();
    stops.push(() => postgres.stop());
    const provider = await FakeClient.start(0);
    stops.push(() => provider.process.stop());
    return {
      provider,
      postgresVersion: postgres.version,
      start: async (name, payAttempts) => {
        const own = `${name}_${payAttempts}`;
        await mkdir(join(directory, own));
        const alternative = await STARTS[name]({
          provider: provider.url,
          apiKey: provider.apiKey,
          databaseUrl: await postgres.createDatabase(own),
          directory: join(directory, own),
          payAttempts,
        });
        stops.push(() => alternative.stop());
        return alternative;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

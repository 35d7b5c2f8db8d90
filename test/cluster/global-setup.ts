import type { TestProject } from 'vitest/node';
import { findPostgres } from '../support/cluster/postgres.js';
import { serverBinaries } from '../support/cluster/server-binaries.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The reason why there can be no cluster here; empty if there can be one. */
    clusterObstacle: string;
  }
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * Finds Postgres and builds Temporal's server, which takes longer than any test may. Without them the tests are skipped,
 * except with `CI` set.
 */
export async function setup(project: TestProject): Promise<void> {
  const obstacle = await findObstacle();
  if (obstacle !== '' && process.env['CI'] !== undefined) throw new Error(obstacle);
  if (obstacle !== '') say(`The tests on a cluster are skipped: ${obstacle}`);
  project.provide('clusterObstacle', obstacle);
}

async function findObstacle(): Promise<string> {
  try {
    await findPostgres(process.env['PATH'] ?? '');
    await serverBinaries(say);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

import type { Json2Video } from '../json2video/client.js';
import { EngineUnavailable, NoWorker, OptionsInvalid } from '../render/errors.js';
import { messageOf } from '../text/text.js';
import type { Renders } from '../starter.js';
import { readEngine } from './engine-facts.js';
import { groupMovies } from './group.js';
import { judge } from './judge.js';
import { type Period, readPeriod } from './read-period.js';
import type { AuditReport, Finding } from './report.js';

/** Hands a project to the render of its key, which waits for a decision. */
export type Adopt = (key: string, project: string) => Promise<void>;

/** Whom an audit asks, and about what. */
export interface AuditTerms extends Period {
  readonly json2video: Pick<Json2Video, 'list'>;
  readonly renders: Pick<Renders, 'list' | 'status'>;
  /** The namespace whose keys are audited. */
  readonly namespace: string;
  /** How long the engine remembers a closed key, in days. */
  readonly retentionDays: number;
  /** Wall clock in epoch milliseconds. */
  readonly now: () => number;
  /** Given: every project that can be handed to its key is. */
  readonly adopt?: Adopt | undefined;
  /** Told after each page of the provider's list how many movies of the period were read so far. */
  readonly onRead?: (movies: number) => void;
}

const DAY_MS = 86_400_000;

/**
 * Compares the provider's list of a period with what the engine knows. It says what was paid for twice, what was
 * accepted and nobody knows of, and what was not submitted by us. A movie that the provider does not list yet is not
 * in it: the list may lag.
 *
 * @throws OptionsInvalid; ProviderUnavailable where the list could not be read to its end; EngineUnavailable; NoWorker
 *   where there is something to adopt and nobody to do it
 */
export async function audit(terms: AuditTerms): Promise<AuditReport> {
  const { json2video, renders, namespace, since, until, adopt, onRead = () => undefined } = terms;
  if (!(since.getTime() < until.getTime())) throw new OptionsInvalid('the period must end after it begins');
  const movies = await readPeriod(json2video, { since, until }, onRead);
  const groups = groupMovies(movies, namespace);
  const rememberedSince = new Date(terms.now() - terms.retentionDays * DAY_MS);
  const judged = judge(groups, await readEngine(renders, groups), rememberedSince);
  return {
    namespace,
    since: since.toISOString(),
    until: until.toISOString(),
    movies: movies.length,
    ...judged,
    duplicates: await handOver(judged.duplicates, adopt),
    orphans: await handOver(judged.orphans, adopt),
  };
}

/** One after the other: each is a decision of its own, and a key may refuse it. */
async function handOver<F extends Finding>(findings: readonly F[], adopt: Adopt | undefined): Promise<F[]> {
  const handed: F[] = [];
  for (const finding of findings) {
    const { key, adoptable } = finding;
    if (adopt === undefined || adoptable === undefined) handed.push(finding);
    else handed.push({ ...finding, ...(await adoption(adopt, key, adoptable)) });
  }
  return handed;
}

async function adoption(
  adopt: Adopt,
  key: string,
  project: string,
): Promise<Pick<Finding, 'adopted' | 'next'>> {
  try {
    await adopt(key, project);
    return { adopted: true, next: `${project} was handed to its key; its render goes on.` };
  } catch (error) {
    if (error instanceof EngineUnavailable || error instanceof NoWorker) throw error;
    return { adopted: false, next: `${project} was not taken by its key: ${messageOf(error)}` };
  }
}

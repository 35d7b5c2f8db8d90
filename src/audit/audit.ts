import pMap from 'p-map';
import type { Json2Video } from '../json2video/client.js';
import { EngineUnavailable, KeyInvalid, KeyNotFound, NoWorker, OptionsInvalid } from '../render/errors.js';
import type { Renders } from '../starter.js';
import type { BudgetLedger } from '../starter/budget-ledger.js';
import type { ListedRender } from '../starter/list.js';
import { messageOf } from '../text/text.js';
import { DAY_MS } from '../text/time.js';
import { findingsOf } from './findings.js';
import { groupMovies, readPeriod } from './period.js';
import type { AuditReport, Finding } from './report.js';
import { settleBudgets } from './settle-budgets.js';

/** Gives a project to the render of its key, which waits for a decision. */
export type Adopt = (key: string, project: string) => Promise<void>;

/** Provider, engine and period of an audit. */
export interface AuditTerms {
  readonly json2video: Pick<Json2Video, 'list'>;
  readonly renders: Pick<Renders, 'list' | 'status'>;
  /** The namespace whose keys are audited. */
  readonly namespace: string;
  /** Period of the audit; both ends belong to it. */
  readonly since: Date;
  readonly until: Date;
  /** Days for which the engine remembers a closed key. */
  readonly retentionDays: number;
  /** Wall clock in epoch milliseconds. */
  readonly now: () => number;
  /** If given, the audit gives every adoptable project to its key. */
  readonly adopt?: Adopt | undefined;
  /** If given, the audit settles what budgets hold in doubt. */
  readonly budgets?: BudgetLedger | undefined;
  /** Called after each page of the provider's list with the number of movies of the period so far. */
  readonly onRead?: (movies: number) => void;
}

/**
 * Compares the provider's list of a period with the engine's renders. It reports movies that were paid for twice, movies
 * that no render knows, and movies that no worker of renderonce submitted. The list may lag, so the newest movies may be
 * missing.
 *
 * @throws OptionsInvalid; ProviderUnavailable if the list ends early; EngineUnavailable; NoWorker if a project is to be
 *   adopted and no worker runs
 */
export async function audit(terms: AuditTerms): Promise<AuditReport> {
  const { json2video, renders, namespace, since, until, adopt, onRead = () => undefined } = terms;
  if (!(since.getTime() < until.getTime())) throw new OptionsInvalid('the period must end after it begins');
  const movies = await readPeriod(json2video, since, until, onRead);
  const groups = groupMovies(movies, namespace);
  const rememberedSince = new Date(terms.now() - terms.retentionDays * DAY_MS);
  const known = await readKnownRuns(renders, groups);
  const findings = findingsOf(groups, known, rememberedSince);
  const repairs =
    terms.budgets === undefined ? {} : { budgets: await settle(terms, terms.budgets, groups, known) };
  return {
    namespace,
    since: since.toISOString(),
    until: until.toISOString(),
    movies: movies.length,
    ...findings,
    ...repairs,
    duplicates: await adoptAll(findings.duplicates, adopt),
    orphans: await adoptAll(findings.orphans, adopt),
  };
}

type Groups = ReturnType<typeof groupMovies>;
type Known = Awaited<ReturnType<typeof readKnownRuns>>;

function settle({ since, now }: AuditTerms, ledger: BudgetLedger, { keys }: Groups, known: Known) {
  return settleBudgets(ledger, { keys, ...known, sinceMs: since.getTime(), nowMs: now() });
}

/** Adopts one project after the other: each is a decision of its own, and a key may refuse it. */
async function adoptAll<F extends Finding>(findings: readonly F[], adopt: Adopt | undefined): Promise<F[]> {
  const handled: F[] = [];
  for (const finding of findings) {
    const { key, adoptable } = finding;
    if (adopt === undefined || adoptable === undefined) handled.push(finding);
    else handled.push({ ...finding, ...(await adoption(adopt, key, adoptable)) });
  }
  return handled;
}

async function adoption(
  adopt: Adopt,
  key: string,
  project: string,
): Promise<Pick<Finding, 'adopted' | 'next'>> {
  try {
    await adopt(key, project);
    return { adopted: true, next: `The key has adopted ${project}; its render continues.` };
  } catch (error) {
    if (error instanceof EngineUnavailable || error instanceof NoWorker) throw error;
    return { adopted: false, next: `The key did not adopt ${project}: ${messageOf(error)}` };
  }
}

/** Projects in one query to the engine's index: about 2 KB of text, and a page of the provider's list has as many movies. */
const PROJECTS_AT_ONCE = 100;

/** Keys that the engine is asked for at the same time: fast enough for thousands, and gentle to the engine. */
const KEYS_AT_ONCE = 8;

/**
 * Asks the engine's index for the projects of all movies, many at once. Then it asks for the key of every project that no
 * run has: the index may lag, and the state of the run decides the next step.
 */
async function readKnownRuns(
  renders: Pick<Renders, 'list' | 'status'>,
  { keys, unmarked }: ReturnType<typeof groupMovies>,
): Promise<Parameters<typeof findingsOf>[1]> {
  const byProject = new Map<string, ListedRender>();
  const movies = [...[...keys.values()].flat(), ...unmarked];
  for (let from = 0; from < movies.length; from += PROJECTS_AT_ONCE) {
    const projects = movies.slice(from, from + PROJECTS_AT_ONCE).map(({ project }) => project);
    for await (const run of renders.list({ projects })) {
      if (run.project !== undefined) byProject.set(run.project, run);
    }
  }
  const byKey = new Map<string, ListedRender>();
  const doubtful = [...keys].filter(([, of]) => of.some(({ project }) => !byProject.has(project)));
  const readKey = async ([key]: readonly [string, unknown]): Promise<void> => {
    const run = await currentRun(renders, key);
    if (run === undefined) return;
    byKey.set(key, run);
    if (run.project !== undefined) byProject.set(run.project, run);
  };
  await pMap(doubtful, readKey, { concurrency: KEYS_AT_ONCE });
  return { byProject, byKey };
}

async function currentRun(renders: Pick<Renders, 'status'>, key: string): Promise<ListedRender | undefined> {
  try {
    return await renders.status(key);
  } catch (error) {
    // A mark comes from outside: no run may be able to have its key.
    if (error instanceof KeyNotFound || error instanceof KeyInvalid) return undefined;
    throw error;
  }
}

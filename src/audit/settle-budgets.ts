import type { BudgetLedger } from '../starter/budget-ledger.js';
import type { AuditedMovie, BudgetRepair } from './report.js';

/** Movies younger than this may still turn up in the list. */
const SETTLED_AFTER_MS = 3_600_000;

/** Evidence of an audit. */
interface Evidence {
  /** All movies of the period under our keys, oldest first. */
  readonly keys: ReadonlyMap<string, readonly AuditedMovie[]>;
  /** True if a run has the project and has told its budget what it cost. */
  readonly isPosted: (project: string) => boolean;
  /** True if the list shows a movie that the engine knows: only then an absence counts. */
  readonly hasWitness: boolean;
  readonly sinceMs: number;
  readonly nowMs: number;
}

/**
 * Compares what budgets hold in doubt with the provider's list, and settles what the list proves. Then posts the movies that
 * no reservation covers to the budgets of their keys. Doing it again changes nothing more.
 */
export async function settleBudgets(ledger: BudgetLedger, evidence: Evidence): Promise<BudgetRepair[]> {
  const repairs: BudgetRepair[] = [];
  const settled = new Set<string>();
  for (const held of await ledger.inDoubt()) {
    const { budget, key, run, runId } = held;
    const movie = evidence.keys
      .get(key)
      ?.find(({ project }) => !evidence.isPosted(project) && !settled.has(project));
    const { post, why } = verdictOn(movie, Date.parse(held.at), evidence);
    const about = {
      budget,
      key,
      credits: held.credits,
      ...(movie === undefined ? {} : { project: movie.project }),
    };
    if (movie !== undefined) settled.add(movie.project);
    if (post === undefined) {
      repairs.push({ ...about, did: 'nothing', why });
      continue;
    }
    await ledger.settle({ budget, run, runId, endedAtMs: evidence.nowMs, post, inDoubt: 'none' });
    repairs.push({ ...about, did: movie === undefined ? 'voided' : 'posted', posted: post, why });
  }
  return [...repairs, ...(await postUnreserved(ledger, evidence, settled))];
}

function verdictOn(
  movie: AuditedMovie | undefined,
  atMs: number,
  { hasWitness, sinceMs, nowMs }: Evidence,
): { readonly post?: number; readonly why: string } {
  if (movie !== undefined) {
    const { credits, status } = movie;
    if (credits === null) return { why: 'the movie has not ended at the provider' };
    return { post: credits, why: `the provider has the movie, with status ${status ?? 'unknown'}` };
  }
  if (atMs < sinceMs) return { why: 'the reservation is older than the period: begin the audit earlier' };
  if (nowMs - atMs < SETTLED_AFTER_MS) return { why: 'the movie may still turn up: audit again in an hour' };
  if (!hasWitness)
    return { why: 'the list shows no movie that the engine knows, so an absence proves nothing' };
  return { post: 0, why: 'the provider does not have the movie' };
}

/** Movies that no run knows were paid for all the same: second movies of a key, and those that nobody adopted. */
async function postUnreserved(
  ledger: BudgetLedger,
  { keys, isPosted, nowMs }: Evidence,
  settled: ReadonlySet<string>,
): Promise<BudgetRepair[]> {
  const repairs: BudgetRepair[] = [];
  for (const [key, movies] of keys) {
    const unreserved = movies.filter(
      ({ project, credits }) => !settled.has(project) && !isPosted(project) && (credits ?? 0) > 0,
    );
    const budget = unreserved.length === 0 ? undefined : await ledger.budgetOf(key);
    if (budget === undefined) continue;
    for (const { project, credits, createdAt } of unreserved) {
      const atMs = createdAt === null ? nowMs : Date.parse(createdAt);
      await ledger.post(budget, { project, credits: credits ?? 0, atMs });
      const why = 'no run knows the movie, and it was paid for';
      repairs.push({ budget, key, project, credits: 0, did: 'posted', posted: credits ?? 0, why });
    }
  }
  return repairs;
}

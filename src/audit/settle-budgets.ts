import type { ListedRender } from '../starter/list.js';
import type { BudgetLedger, PaidRun } from '../starter/budget-ledger.js';
import type { AuditedMovie, BudgetRepair } from './report.js';

/** Movies younger than this may still turn up in the list. */
const SETTLED_AFTER_MS = 3_600_000;

/** Listed movies whose runs are asked for their account, the newest first. */
const WITNESSES_ASKED = 50;

/** Evidence of an audit. */
interface Evidence {
  /** All movies of the period under our keys, oldest first. */
  readonly keys: ReadonlyMap<string, readonly AuditedMovie[]>;
  /** The run that has a project, by project. */
  readonly byProject: ReadonlyMap<string, ListedRender>;
  /** The current run of each key with a movie that no run knows. */
  readonly byKey: ReadonlyMap<string, ListedRender>;
  readonly sinceMs: number;
  readonly nowMs: number;
}

/**
 * Compares what budgets hold in doubt with the provider's list, and settles what the list proves. Then posts the movies that
 * no reservation covers to the budgets of their keys. Doing it again changes nothing more.
 */
export async function settleBudgets(ledger: BudgetLedger, evidence: Evidence): Promise<BudgetRepair[]> {
  const { held, audited } = await ledger.read();
  const settled = new Set(audited);
  const settling = { ledger, evidence, settled, witnesses: new Witnesses(ledger, evidence) };
  const repairs: BudgetRepair[] = [];
  for (const each of held) if (each.state === 'in doubt') repairs.push(await settle(each, settling));
  // What an open reservation covers is known when its render has ended.
  const open = new Set(held.filter(({ state }) => state === 'open').map(({ key }) => key));
  return [...repairs, ...(await postUnreserved(settling, open))];
}

interface Settling {
  readonly ledger: BudgetLedger;
  readonly evidence: Evidence;
  /** Projects that this audit or an earlier one has dealt with. */
  readonly settled: Set<string>;
  readonly witnesses: Witnesses;
}

type Held = Awaited<ReturnType<BudgetLedger['read']>>['held'][number];

async function settle(held: Held, { ledger, evidence, settled, witnesses }: Settling): Promise<BudgetRepair> {
  const { budget, key, run, runId, credits, at } = held;
  const { byProject, keys, nowMs: endedAtMs } = evidence;
  const isOwed = (project: string): boolean => !settled.has(project) && !isPosted(byProject.get(project));
  const { project: known, account } = await ledger.runOf(key, runId);
  const own = known !== undefined && isOwed(known) ? known : undefined;
  const movie = keys
    .get(key)
    ?.find(({ project }) =>
      own === undefined ? isOwed(project) && !byProject.has(project) : project === own,
    );
  const { post, why } =
    movie === undefined
      ? await absence({ own, account, atMs: Date.parse(at) }, evidence, witnesses)
      : verdictOn(movie);
  const project = movie === undefined ? {} : { project: movie.project };
  if (movie !== undefined) settled.add(movie.project);
  const about = { budget, key, credits, ...project };
  if (post === undefined) return { ...about, did: 'nothing', why };
  const named = isReported(movie, evidence) ? {} : project;
  await ledger.settle({ budget, run, runId, endedAtMs, post, inDoubt: 'none', ...named });
  return { ...about, did: movie === undefined ? 'voided' : 'posted', posted: post, why };
}

/** True if a run that ended by itself has the movie: then its own reservation paid for it, and no audit posts it twice. */
function isReported(movie: AuditedMovie | undefined, { byProject }: Evidence): boolean {
  const run = movie === undefined ? undefined : byProject.get(movie.project);
  return run !== undefined && run.state !== 'abandoned';
}

/** True if the run of a movie has told its budget what it cost, or will. */
function isPosted(run: ListedRender | undefined): boolean {
  return run?.state === 'done' || run?.state === 'rendering';
}

interface Verdict {
  readonly post?: number;
  readonly why: string;
}

function verdictOn({ credits, status }: AuditedMovie): Verdict {
  if (credits === null) return { why: 'the movie has not ended at the provider' };
  return { post: credits, why: `the provider has the movie, with status ${status ?? 'unknown'}` };
}

/** A reservation without a movie in the list; `own` is the project that its run has. */
interface Missed extends Pick<PaidRun, 'account'> {
  readonly own: string | undefined;
  readonly atMs: number;
}

async function absence(
  { own, account, atMs }: Missed,
  { sinceMs, nowMs }: Pick<Evidence, 'sinceMs' | 'nowMs'>,
  witnesses: Witnesses,
): Promise<Verdict> {
  if (atMs < sinceMs) return { why: 'the reservation is older than the period: begin the audit earlier' };
  if (nowMs - atMs < SETTLED_AFTER_MS) return { why: 'the movie may still turn up: audit again in an hour' };
  if (!(await witnesses.hasOneOf(account)))
    return {
      why: 'the list shows no movie that the engine knows of the same account, so an absence proves nothing',
    };
  if (own !== undefined)
    return { why: `the provider has accepted project ${own}, and the list does not show it` };
  return { post: 0, why: 'the provider does not have the movie' };
}

/** Movies of the list that the engine knows: they prove whose list it is. */
class Witnesses {
  readonly #ledger: BudgetLedger;
  readonly #left: { readonly key: string; readonly project: string }[];
  readonly #accounts = new Set<string | undefined>();

  constructor(ledger: BudgetLedger, { keys, byProject }: Evidence) {
    this.#ledger = ledger;
    const known = [...keys].flatMap(([key, movies]) =>
      movies
        .filter(({ project }) => byProject.get(project)?.key === key)
        .map(({ project, createdAt }) => ({ key, project, createdAt: createdAt ?? '' })),
    );
    known.sort((one, other) => one.createdAt.localeCompare(other.createdAt));
    this.#left = known.slice(-WITNESSES_ASKED);
  }

  /** True if one of them was accepted by this account, or by any if none is given. */
  async hasOneOf(account: string | undefined): Promise<boolean> {
    const isSeen = (): boolean =>
      account === undefined ? this.#accounts.size > 0 : this.#accounts.has(account);
    while (!isSeen()) {
      const next = this.#left.pop();
      if (next === undefined) return false;
      const run = await this.#ledger.runOf(next.key);
      if (run.project === next.project) this.#accounts.add(run.account);
    }
    return true;
  }
}

/** Movies that no run knows were paid for all the same: second movies of a key, and those that nobody adopted. */
async function postUnreserved(
  { ledger, evidence, settled }: Settling,
  open: ReadonlySet<string>,
): Promise<BudgetRepair[]> {
  const { keys, byProject, byKey, nowMs } = evidence;
  const repairs: BudgetRepair[] = [];
  for (const [key, movies] of keys) {
    const unreserved = movies.filter(({ project, credits }) => {
      const run = byProject.get(project);
      const isUnknown = run === undefined || run.state === 'abandoned';
      return isUnknown && !settled.has(project) && (credits ?? 0) > 0;
    });
    const current = byKey.get(key);
    // It was open when the list was read, and may have found the movie since then.
    const isLooking =
      current !== undefined && current.closedAt === undefined && current.project === undefined;
    if (unreserved.length === 0 || isLooking || open.has(key)) continue;
    const { budget } = await ledger.runOf(key);
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

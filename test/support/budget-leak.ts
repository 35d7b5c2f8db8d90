import type { BudgetView } from '../../src/render/budget.js';
import { setBudget, showBudget } from '../../src/starter/budgets.js';
import { BUDGET, BUDGET_ID_PREFIX } from '../../src/workflows/messages.js';
import { CARD, freshKey, type Stage } from './stage.js';
import { until } from './until.js';

interface LeakTerms {
  readonly renders: number;
  /** Reservations after which the budget continues as a new run; as the budget's own by default. */
  readonly updatesPerRun?: number;
  readonly say?: (line: string) => void;
}

interface LeakEnd {
  /** Ends of the renders by their code. */
  readonly ends: Readonly<Record<string, number>>;
  /** Credits in the provider's ledger. */
  readonly charged: number;
  /** Runs of the budget, and the events of the longest. */
  readonly runs: number;
  readonly longest: number;
  readonly budget: BudgetView;
}

const AT_ONCE = 50;
const DEADLINE_MS = 240_000;

/** Faults of the provider by their probability: each gives another end to a reservation. */
const FAULTS = [
  [0.05, { kind: 'status', code: 429, accept: false, body: '{"success":false,"message":"slow down"}' }],
  [0.03, { kind: 'status', code: 400, accept: false, body: '{"success":false,"message":"bad movie"}' }],
  [0.01, { kind: 'reset-after' }],
] as const;

/** Plays renders one after the other, 50 at a time, from a budget that pays for all, and waits until all has settled. */
export async function playLeak(stage: Stage, terms: LeakTerms): Promise<LeakEnd> {
  const { renders, updatesPerRun, say = () => undefined } = terms;
  const budget = freshKey('leak');
  const args = updatesPerRun === undefined ? [] : [{ updatesPerRun }];
  const workflowId = `${BUDGET_ID_PREFIX}${budget}`;
  const { taskQueue, client } = stage;
  await client.workflow.start(BUDGET, { workflowId, taskQueue, args, priority: { priorityKey: 1 } });
  const setting = { limit: 1_000_000_000, per: 'total', by: 'a test', why: 'many renders' } as const;
  await setBudget(client, taskQueue, budget, setting);
  const rules = await Promise.all(
    FAULTS.map(([probability, effect]) =>
      stage.fake.fault({ match: { call: 'create', probability }, effect }),
    ),
  );
  const ends: Record<string, number> = {};
  let started = 0;
  const lane = async (): Promise<void> => {
    while (started < renders) {
      started += 1;
      if (started % 500 === 0) say(`${started} renders`);
      const end = await endOf(stage, `${budget}-${started}`, budget);
      ends[end] = (ends[end] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, renders) }, lane));
  const view = await until('all is settled', () => settledView(stage, budget), 120_000, 200);
  await Promise.all(rules.map((rule) => stage.fake.removeFault(rule)));
  const ledger = (await stage.fake.movies()).filter(({ key }) => key?.startsWith(budget) === true);
  const charged = ledger.reduce((sum, { credits }) => sum + credits, 0);
  return { ends, charged, budget: view, ...(await sizeOf(stage, workflowId)) };
}

async function endOf({ renders }: Stage, key: string, budget: string): Promise<string> {
  try {
    return (await renders.render(key, CARD, { budget, deadlineMs: DEADLINE_MS })).status;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

async function settledView({ client, taskQueue }: Stage, name: string): Promise<BudgetView | undefined> {
  const view = await showBudget(client, taskQueue, name);
  return view?.all.reserved === 0 ? view : undefined;
}

async function sizeOf({ client }: Stage, workflowId: string): Promise<Pick<LeakEnd, 'runs' | 'longest'>> {
  const lengths: number[] = [];
  for await (const { runId } of client.workflow.list({ query: `WorkflowId="${workflowId}"` }))
    lengths.push((await client.workflow.getHandle(workflowId, runId).describe()).historyLength);
  return { runs: lengths.length, longest: Math.max(0, ...lengths) };
}

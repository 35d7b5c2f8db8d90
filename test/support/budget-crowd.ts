import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BudgetView } from '../../src/render/budget.js';
import { setBudget, showBudget } from '../../src/starter/budgets.js';
import { BUDGET, BUDGET_ID_PREFIX } from '../../src/workflows/messages.js';
import { BUILD } from './compiled.js';
import { environmentOf, type Running, startCommand, watched } from './processes.js';
import { freshKey, type Stage } from './stage.js';
import { until } from './until.js';

/** Price of the movie that all callers submit. */
const PRICE = 5;

interface CrowdTerms {
  /** The compiled project that callers and workers run. */
  readonly dist?: string;
  readonly submissions: number;
  /** Movies that the budget can pay. */
  readonly movies: number;
  readonly processes: number;
  readonly workers: number;
  /** Reservations after which the budget continues as a new run. */
  readonly updatesPerRun: number;
  readonly submitTimeoutSeconds?: number;
  /** Pause between two kills of a random worker; without it none is killed. */
  readonly killEveryMs?: number;
  /** Kills in all: the renders must come to an end. */
  readonly mostKills?: number;
  readonly random?: () => number;
  readonly per?: 'day' | 'total';
}

interface CrowdEnd {
  /** Answers of the callers by their code. */
  readonly answers: Readonly<Record<string, number>>;
  /** Accepted movies in the provider's ledger, and the most that were seen at any time. */
  readonly accepted: number;
  readonly keys: number;
  readonly charged: number;
  readonly kills: number;
  /** Runs of the budget's workflow. */
  readonly runs: number;
  readonly budget: BudgetView;
}

/** Time in which a crowd comes to its end after the last answer: a lost reply is settled after a minute. */
const END_MS = 300_000;

/** Has many processes submit at the same time against one budget, and waits until all has settled. */
export async function playCrowd(stage: Stage, terms: CrowdTerms): Promise<CrowdEnd> {
  const workers = await Workers.start(stage, terms.dist ?? BUILD, terms.workers);
  try {
    return await play(stage, terms, workers);
  } finally {
    await workers.stop();
  }
}

async function play(stage: Stage, terms: CrowdTerms, workers: Workers): Promise<CrowdEnd> {
  const { dist = BUILD, submissions, movies, processes, per = 'total' } = terms;
  const name = freshKey('crowd');
  await stage.client.workflow.start(BUDGET, {
    workflowId: `${BUDGET_ID_PREFIX}${name}`,
    taskQueue: stage.taskQueue,
    args: [{ updatesPerRun: terms.updatesPerRun }],
    priority: { priorityKey: 1 },
  });
  const setting = { limit: movies * PRICE, per, by: 'a test', why: 'a crowd' } as const;
  await setBudget(stage.client, stage.taskQueue, name, setting);
  const stopKilling = terms.killEveryMs === undefined ? async () => 0 : workers.killing(terms);
  const options = { budget: name, settleSeconds: 30, submitTimeoutSeconds: terms.submitTimeoutSeconds ?? 60 };
  const each = Math.ceil(submissions / processes);
  const answers = await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      callers(stage, dist, { prefix: `${name}-${index}`, count: each, options }),
    ),
  );
  const kills = await stopKilling();
  const isSettled = async (): Promise<BudgetView | undefined> => {
    if ((await countOpen(stage, name)) > 0) return undefined;
    const view = await showBudget(stage.client, stage.taskQueue, name).catch(() => undefined);
    return view !== undefined && view.all.reserved === 0 ? view : undefined;
  };
  const budget = await until(
    'all renders have ended, and all reservations are settled',
    isSettled,
    END_MS,
    500,
  );
  const ledger = (await stage.fake.movies()).filter(({ key }) => key?.startsWith(name) === true);
  const runs = await countRuns(stage, name);
  return {
    answers: summed(answers),
    accepted: ledger.length,
    keys: new Set(ledger.map(({ key }) => key)).size,
    charged: ledger.reduce((sum, { credits }) => sum + credits, 0),
    kills,
    runs,
    budget,
  };
}

/** Counts the renders that still wait for something. */
async function countOpen(stage: Stage, prefix: string): Promise<number> {
  const query = `WorkflowId STARTS_WITH "${prefix}-" AND ExecutionStatus="Running"`;
  return (await stage.client.workflow.count(query)).count;
}

async function countRuns(stage: Stage, name: string): Promise<number> {
  return until('the index shows the runs of the budget', async () => {
    const { count } = await stage.client.workflow.count(`WorkflowId="${BUDGET_ID_PREFIX}${name}"`);
    return count === 0 ? undefined : count;
  });
}

function summed(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const one of all)
    for (const [name, count] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

const CALLERS = fileURLToPath(new URL('budget-callers.mjs', import.meta.url));

/** Runs one process of callers to its end, and returns its answers by their code. */
async function callers(stage: Stage, dist: string, more: object): Promise<Record<string, number>> {
  const { address, namespace } = stage.engine;
  const terms = JSON.stringify({ dist, address, namespace, taskQueue: stage.taskQueue, ...more });
  const child = spawn(process.execPath, [CALLERS, terms], {
    env: environmentOf({}),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  watched(child).stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(text) as Record<string, number>;
}

class Workers {
  readonly #stage: Stage;
  readonly #dist: string;
  readonly #running: Running[] = [];

  private constructor(stage: Stage, dist: string) {
    this.#stage = stage;
    this.#dist = dist;
  }

  static async start(stage: Stage, dist: string, count: number): Promise<Workers> {
    const workers = new Workers(stage, dist);
    await Promise.all(Array.from({ length: count }, () => workers.#add()));
    return workers;
  }

  async #add(): Promise<void> {
    this.#running.push(await startCommand(['worker'], this.#stage.env, { dist: this.#dist }));
  }

  /** Kills a random worker again and again, and starts another in its place. Returns a function that ends it. */
  killing({ killEveryMs = 1_000, mostKills = 10, random = Math.random }: CrowdTerms): () => Promise<number> {
    let kills = 0;
    const over = new AbortController();
    const loop = async (): Promise<void> => {
      while (!over.signal.aborted && kills < mostKills) {
        await new Promise((resolve) => setTimeout(resolve, killEveryMs * (0.5 + random())));
        if (over.signal.aborted) return;
        const [victim] = this.#running.splice(Math.floor(random() * this.#running.length), 1);
        victim?.kill('SIGKILL');
        kills += 1;
        await this.#add();
      }
    };
    const looping = loop();
    return async () => {
      over.abort();
      await looping;
      return kills;
    };
  }

  async stop(): Promise<void> {
    for (const each of this.#running) each.kill('SIGKILL');
    await Promise.all(this.#running.map((each) => each.exit));
  }
}

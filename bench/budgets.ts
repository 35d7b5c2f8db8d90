import { randomUUID } from 'node:crypto';
import { setBudget, showBudget } from '../src/starter/budgets.js';
import { askToReserve } from '../src/temporal/budgets.js';
import { type Bed, openBed } from './bed.js';
import { openEngine } from './engine.js';
import { closedLoop } from './measure/closed-loop.js';
import { inRounds } from './measure/rounds.js';
import { medianRatio, rounded, summary } from './measure/statistics.js';
import { CARD } from './movies.js';
import type { Load } from './plan.js';

/** Measures renders with and without a budget in turns, and how many reservations one budget carries a second. */
const ROUNDS = 5;
const RENDERS: Load = { count: 200, atOnce: 50 };
const ALONE: Load = { count: 30, atOnce: 1 };
/** Callers of a budget at once: an engine takes 10 updates of one workflow. */
const RESERVATIONS: Load = { count: 1_000, atOnce: 9 };
const DEADLINE_MS = 120_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function measure(bed: Bed): Promise<object> {
  const { client } = bed.engine;
  const taskQueue = bed.env['RENDERONCE_TASK_QUEUE'] ?? '';
  const setting = { limit: 1_000_000_000, per: 'month', by: 'the bench', why: 'to measure' } as const;
  const budget = 'bench';
  await setBudget(client, taskQueue, budget, setting);
  const run = randomUUID().slice(0, 6);
  const render = (name: string, options: object) => (round: number, load: Load) =>
    closedLoop(load, (index) =>
      bed.renders.render(`${run}-${name}-${load.atOnce}-${round}-${index}`, CARD, {
        deadlineMs: DEADLINE_MS,
        ...options,
      }),
    );
  const submit = (name: string, options: object) => (round: number) =>
    closedLoop(ALONE, (index) =>
      bed.renders.submitOnce(`${run}-${name}-alone-${round}-${index}`, CARD, {
        deadlineMs: DEADLINE_MS,
        ...options,
      }),
    );
  const without = render('plain', {});
  const withBudget = render('budget', { budget });
  await without(-1, RENDERS);
  await withBudget(-1, RENDERS);
  const reserve = (round: number) =>
    closedLoop(RESERVATIONS, async (index) => {
      const id = `${run}-${round}-${index}`;
      const request = { run: id, runId: id, key: id, number: 1, count: 1, credits: 5, isUnknown: false };
      await askToReserve(client, budget, `reserve:${id}:1`, request);
    });
  const results = await inRounds(
    ROUNDS,
    {
      without: (round) => without(round, RENDERS),
      with: (round) => withBudget(round, RENDERS),
      withoutAlone: submit('plain', {}),
      withAlone: submit('budget', { budget }),
      reserve,
    },
    (name, round, { perSecond }) => say(`round ${round + 1}, ${name}: ${rounded(perSecond)} a second`),
  );
  const rates = (name: string) => (results[name] ?? []).map(({ perSecond }) => rounded(perSecond));
  const latency = (name: string) => summary((results[name] ?? []).flatMap(({ latenciesMs }) => latenciesMs));
  const { reservations, all } = (await showBudget(client, taskQueue, budget)) ?? {};
  return {
    rendersPerSecond: {
      without: rates('without'),
      with: rates('with'),
      ratio: medianRatio(rates('with'), rates('without')),
    },
    submitOnceMs: { without: latency('withoutAlone'), with: latency('withAlone') },
    reservationsPerSecond: rates('reserve'),
    reservationMs: latency('reserve'),
    budget: { reservations, all },
  };
}

const engine = await openEngine('memory');
const bed = await openBed(engine, 0);
try {
  process.stdout.write(`${JSON.stringify(await measure(bed), null, 2)}\n`);
} finally {
  await bed.close();
  await engine.close();
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import { setBudget, showBudget } from '../../../src/starter/budgets.js';
import { playCrowd } from '../../support/budget-crowd.js';
import { plantDist, type Plant } from '../../support/planted-dist.js';
import { expectNoProcessLeft, startCommand } from '../../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../../support/stage.js';
import { until } from '../../support/until.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ engine: 'memory', provider: { timeScale: 20 } });
});
afterAll(() => stage.close());

/** Plays a scenario with a bug planted in a copy of the compiled code, or with none. */
async function planted<T>(plants: readonly Plant[], play: (dist: string) => Promise<T>): Promise<T> {
  const copy = await plantDist(plants);
  try {
    return await play(copy.dist);
  } finally {
    await copy.remove();
  }
}

const CROWD = { submissions: 40, movies: 10, processes: 4, workers: 2, updatesPerRun: 5 };
const crowd = (dist: string) => playCrowd(stage, { ...CROWD, dist });

interface Pair {
  /** Accepted movies, of a budget that holds one. */
  readonly accepted: number;
  /** Credits that the budget holds or has posted in the end. */
  readonly booked: number;
  readonly posted: number;
}

/** Submits a movie, has something happen to it, and submits a second one from the same budget, which holds one. */
async function pair(dist: string, happens: 'lost reply' | 'cancel' | 'end'): Promise<Pair> {
  const budget = freshKey('pair');
  const [first, second] = [freshKey('first'), freshKey('second')];
  const setting = { limit: 5, per: 'total', by: 'a test', why: 'a control' } as const;
  await setBudget(stage.client, stage.taskQueue, budget, setting);
  const worker = await startCommand(['worker'], stage.env, { dist });
  try {
    if (happens === 'lost reply') {
      const match = { call: 'create', key: first } as const;
      await stage.fake.fault({ match, effect: { kind: 'reset-after' }, times: 1 });
    }
    await stage.renders.start(first, CARD, { budget });
    const wanted = happens === 'lost reply' ? 'unknown' : 'rendering';
    const isThere = async () => [wanted, 'done'].includes((await stage.renders.status(first)).state);
    await until(`it is ${wanted}`, isThere);
    if (happens === 'cancel') await stage.renders.cancel(first);
    if (happens !== 'lost reply') await stage.renders.result(first).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await stage.renders.submitOnce(second, CARD, { budget }).catch(() => undefined);
    const accepted = (await stage.fake.movies(first)).length + (await stage.fake.movies(second)).length;
    const view = await showBudget(stage.client, stage.taskQueue, budget);
    const { posted = 0, inDoubt = 0, reserved = 0 } = view?.all ?? {};
    return { accepted, booked: posted + inDoubt + reserved, posted };
  } finally {
    worker.kill('SIGKILL');
    await worker.exit;
  }
}

test('sound code lets exactly the movies of a budget through', async () => {
  const end = await planted([], crowd);
  expect(end).toMatchObject({ accepted: 10, answers: { accepted: 10, BudgetExceeded: 30 } });
  expect(end.runs).toBeGreaterThan(1);
}, 180_000);

test.each(['lost reply', 'cancel', 'end'] as const)(
  'sound code lets one movie of one through after a %s',
  async (happens) => {
    expect(await planted([], (dist) => pair(dist, happens))).toMatchObject({ accepted: 1, booked: 5 });
  },
  60_000,
);

test('a budget that checks and records later is caught: those that came meanwhile have all passed the check', async () => {
  const file = 'workflows/budget.js';
  const end = await planted(
    [
      {
        file,
        from: '(request) => this.#reserve(request), {',
        to: '(request) => sleep(3_000).then(() => this.#reserve(request)), {',
      },
      { file, from: 'setHandler, workflowInfo', to: 'setHandler, sleep, workflowInfo' },
    ],
    crowd,
  );
  expect(end.accepted).toBeGreaterThan(10);
}, 180_000);

test('a reservation without the ID of its run is caught: the end of the render finds none, so it is never posted', async () => {
  const plant = {
    file: 'activities/reserve-credits.js',
    from: 'return { run, runId, key, number, count,',
    to: 'return { run: `${run}-${Math.random()}`, runId, key, number, count,',
  };
  const end = await planted([plant], (dist) => pair(dist, 'end'));
  expect(end.posted).toBe(0);
}, 60_000);

test('a run that closes in the task in which it settles is caught: the engine drops the signal', async () => {
  const settle = "unharmed('the credits of the render were not settled'";
  const file = 'workflows/start-after.js';
  const end = await planted([{ file, from: `return ${settle}`, to: `return void ${settle}` }], (dist) =>
    pair(dist, 'end'),
  );
  expect(end.posted).toBe(0);
}, 60_000);

test('a void on an unknown end is caught: a second movie is paid while the first may have been', async () => {
  const plant = {
    file: 'activities/submit-movie.js',
    from: "submission.end === 'refused' && spending !== undefined",
    to: "(submission.end === 'refused' || submission.end === 'unknown') && spending !== undefined",
  };
  expect((await planted([plant], (dist) => pair(dist, 'lost reply'))).accepted).toBe(2);
}, 60_000);

test('a reservation that expires while in doubt is caught: a second movie is paid beside a cancelled one', async () => {
  const plant = {
    file: 'render/budget-book.js',
    from: 'all: before.count }[inDoubt]',
    to: 'all: 0 }[inDoubt]',
  };
  expect((await planted([plant], (dist) => pair(dist, 'cancel'))).accepted).toBe(2);
}, 60_000);

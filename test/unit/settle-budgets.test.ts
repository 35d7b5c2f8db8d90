import { expect, test } from 'vitest';
import type { AuditedMovie } from '../../src/audit/report.js';
import { settleBudgets } from '../../src/audit/settle-budgets.js';
import type { ReservationView, Settlement } from '../../src/render/budget.js';
import type { BudgetLedger, PaidRun, UnreservedMovie } from '../../src/starter/budget-ledger.js';
import type { ListedRender } from '../../src/starter/list.js';

const AT = '2026-11-29T12:00:00Z';
const HOUR = 3_600_000;
const OURS = 'aaaaaaaaaaaa';

/** Runs of the keys of these tests; a key without an entry has one of our account and budget `shop`. */
const RUNS: Readonly<Record<string, PaidRun>> = {
  unpaid: { project: 'p9', account: OURS },
  witness: { project: 'known', account: OURS, budget: 'shop' },
  cancelled: { project: 'p1', account: OURS, budget: 'shop' },
  elsewhere: { account: 'bbbbbbbbbbbb', budget: 'shop' },
  nameless: { budget: 'shop' },
  // The key was rendered again, with our account; its older run had another.
  again: { project: 'p-new', account: OURS, budget: 'shop' },
};

class Ledger implements BudgetLedger {
  readonly settled: Settlement[] = [];
  readonly posted: (UnreservedMovie & { budget: string })[] = [];
  readonly #held: readonly ReservationView[];
  audited: readonly string[] = [];

  constructor(keys: readonly string[], state: ReservationView['state'] = 'in doubt') {
    this.#held = keys.map((key) => ({ key, run: `run-${key}`, runId: 'r', credits: 5, at: AT, state }));
  }

  read = async () => ({
    held: this.#held.map((each) => ({ ...each, budget: 'shop' })),
    audited: new Set(this.audited),
  });
  runOf = async (key: string) => RUNS[key] ?? { account: OURS, budget: 'shop' };
  settle = async (settlement: Settlement) => void this.settled.push(settlement);
  post = async (budget: string, found: UnreservedMovie) => void this.posted.push({ budget, ...found });
}

function movie(project: string, credits: number | null, status = 'done'): AuditedMovie {
  return { project, createdAt: AT, status, credits };
}

function run(key: string, state: ListedRender['state'], project?: string): ListedRender {
  return { key, state, startedAt: AT, ...(project === undefined ? {} : { project }) };
}

const WITNESS = { witness: [movie('known', 5)] };
const KNOWN = new Map([['known', run('witness', 'done', 'known')]]);

function evidence(keys: Readonly<Record<string, readonly AuditedMovie[]>>, more: object = {}) {
  return {
    keys: new Map(Object.entries({ ...WITNESS, ...keys })),
    byProject: KNOWN,
    byKey: new Map<string, ListedRender>(),
    sinceMs: Date.parse(AT) - 24 * HOUR,
    nowMs: Date.parse(AT) + 2 * HOUR,
    ...more,
  };
}

test('a movie that is there is posted with its price, and nothing stays in doubt', async () => {
  const ledger = new Ledger(['order-1']);
  const repairs = await settleBudgets(ledger, evidence({ 'order-1': [movie('p1', 7)] }));
  expect(repairs).toMatchObject([
    { budget: 'shop', key: 'order-1', project: 'p1', did: 'posted', posted: 7 },
  ]);
  expect(ledger.settled).toMatchObject([{ run: 'run-order-1', post: 7, inDoubt: 'none', project: 'p1' }]);
  expect(ledger.posted).toEqual([]);
});

test('a movie that is surely not there is void', async () => {
  const ledger = new Ledger(['order-1']);
  expect(await settleBudgets(ledger, evidence({}))).toMatchObject([{ did: 'voided', posted: 0 }]);
  expect(ledger.settled).toMatchObject([{ post: 0, inDoubt: 'none' }]);
});

test('a run that names no account is void if the list is surely one of ours', async () => {
  const ledger = new Ledger(['nameless']);
  expect(await settleBudgets(ledger, evidence({}))).toMatchObject([{ did: 'voided' }]);
});

test.each([
  ['has not ended', 'order-1', { 'order-1': [movie('p1', null, 'running')] }, {}],
  ['shows no movie that the engine knows', 'order-1', { witness: [movie('foreign', 5)] }, {}],
  // Both accounts have movies of this namespace, and the engine knows the other movie of the key.
  ['shows no movie that the engine knows', 'order-1', { witness: [movie('known-elsewhere', 5)] }, {}],
  ['of the same account', 'elsewhere', {}, {}],
  [
    'of the same account',
    'order-1',
    { witness: [], again: [movie('p-old', 5)] },
    { byProject: new Map([['p-old', run('again', 'cancelled', 'p-old')]]) },
  ],
  ['has accepted project p1', 'cancelled', {}, {}],
  ['is older than the period', 'order-1', {}, { sinceMs: Date.parse(AT) + 1 }],
  ['may still turn up', 'order-1', {}, { nowMs: Date.parse(AT) + HOUR / 2 }],
])('nothing changes if the movie or the list %s (%s)', async (why, key, keys, more) => {
  const ledger = new Ledger([key]);
  const [repair] = await settleBudgets(ledger, evidence(keys, more));
  expect(repair).toMatchObject({ did: 'nothing', why: expect.stringContaining(why) });
  expect(ledger.settled).toEqual([]);
});

test('the second movie of a key is posted without a reservation, and the one that its render knows is not', async () => {
  const ledger = new Ledger([]);
  const movies = [movie('known', 5), movie('second', 5)];
  expect(await settleBudgets(ledger, evidence({ witness: movies, unpaid: [movie('p9', 9)] }))).toHaveLength(
    1,
  );
  expect(ledger.posted).toEqual([{ budget: 'shop', project: 'second', credits: 5, atMs: Date.parse(AT) }]);
});

test.each([
  [
    'its render still looks for it',
    new Ledger([]),
    { byKey: new Map([['order-1', run('order-1', 'held')]]) },
  ],
  ['its render holds credits', new Ledger(['order-1'], 'open'), {}],
  [
    'its render has ended and told its budget',
    new Ledger([]),
    { byProject: new Map([...KNOWN, ['p1', run('order-1', 'cancelled', 'p1')]]) },
  ],
])('a movie is not posted if %s', async (_, ledger, more) => {
  expect(await settleBudgets(ledger, evidence({ 'order-1': [movie('p1', 7)] }, more))).toEqual([]);
  expect(ledger.posted).toEqual([]);
});

test('a movie that an audit has posted is not posted again, also for a later reservation of its key', async () => {
  const ledger = new Ledger(['order-1']);
  ledger.audited = ['p1'];
  const later = movie('p2', 9);
  await settleBudgets(ledger, evidence({ 'order-1': [movie('p1', 7), later] }));
  expect(ledger.settled).toMatchObject([{ post: 9, project: 'p2' }]);
  expect(ledger.posted).toEqual([]);
});

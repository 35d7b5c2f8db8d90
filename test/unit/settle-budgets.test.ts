import { expect, test } from 'vitest';
import type { AuditedMovie } from '../../src/audit/report.js';
import { settleBudgets } from '../../src/audit/settle-budgets.js';
import type { ReservationView, Settlement } from '../../src/render/budget.js';
import type { BudgetLedger, UnreservedMovie } from '../../src/starter/budget-ledger.js';

const AT = '2026-11-29T12:00:00Z';
const HOUR = 3_600_000;

class Ledger implements BudgetLedger {
  readonly settled: Settlement[] = [];
  readonly posted: (UnreservedMovie & { budget: string })[] = [];
  readonly #held: readonly ReservationView[];

  constructor(...keys: readonly string[]) {
    this.#held = keys.map((key) => ({
      key,
      run: `run-${key}`,
      runId: 'r',
      credits: 5,
      at: AT,
      state: 'in doubt',
    }));
  }

  inDoubt = async () => this.#held.map((each) => ({ ...each, budget: 'shop' }));
  budgetOf = async (key: string) => (key === 'unpaid' ? undefined : 'shop');
  settle = async (settlement: Settlement) => void this.settled.push(settlement);
  post = async (budget: string, found: UnreservedMovie) => void this.posted.push({ budget, ...found });
}

function movie(project: string, credits: number | null, status = 'done'): AuditedMovie {
  return { project, createdAt: AT, status, credits };
}

function evidence(keys: Readonly<Record<string, readonly AuditedMovie[]>>, more: object = {}) {
  return {
    keys: new Map(Object.entries(keys)),
    isPosted: (project: string) => project === 'known',
    hasWitness: true,
    sinceMs: Date.parse(AT) - 24 * HOUR,
    nowMs: Date.parse(AT) + 2 * HOUR,
    ...more,
  };
}

test('a movie that is there is posted with its price, and nothing stays in doubt', async () => {
  const ledger = new Ledger('order-1');
  const repairs = await settleBudgets(ledger, evidence({ 'order-1': [movie('p1', 7)] }));
  expect(repairs).toMatchObject([
    { budget: 'shop', key: 'order-1', project: 'p1', did: 'posted', posted: 7 },
  ]);
  expect(ledger.settled).toMatchObject([{ run: 'run-order-1', post: 7, inDoubt: 'none' }]);
  expect(ledger.posted).toEqual([]);
});

test('a movie that is surely not there is void', async () => {
  const ledger = new Ledger('order-1');
  expect(await settleBudgets(ledger, evidence({}))).toMatchObject([{ did: 'voided', posted: 0 }]);
  expect(ledger.settled).toMatchObject([{ post: 0, inDoubt: 'none' }]);
});

test.each([
  ['the movie has not ended', { 'order-1': [movie('p1', null, 'running')] }, {}],
  ['the list shows no movie that the engine knows', {}, { hasWitness: false }],
  ['the reservation is older than the period', {}, { sinceMs: Date.parse(AT) + 1 }],
  ['the movie may still turn up', {}, { nowMs: Date.parse(AT) + HOUR / 2 }],
])('nothing changes if %s', async (why, keys, more) => {
  const ledger = new Ledger('order-1');
  const [repair] = await settleBudgets(ledger, evidence(keys, more));
  expect(repair?.did).toBe('nothing');
  expect(repair?.why).toContain(why.replace('the movie has not ended', 'has not ended'));
  expect(ledger.settled).toEqual([]);
});

test('the second movie of a key is posted without a reservation, and the one that its render knows is not', async () => {
  const ledger = new Ledger();
  const movies = [movie('known', 5), movie('second', 5)];
  expect(await settleBudgets(ledger, evidence({ 'order-1': movies, unpaid: [movie('p9', 9)] }))).toHaveLength(
    1,
  );
  expect(ledger.posted).toEqual([{ budget: 'shop', project: 'second', credits: 5, atMs: Date.parse(AT) }]);
});

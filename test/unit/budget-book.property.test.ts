import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BudgetBook } from '../../src/render/budget-book.js';
import { ask, bookOf, end, HOUR, NOON, request } from './booked.js';

test('a budget holds thousands of open reservations, and denies before its record is too large', () => {
  const book = bookOf({ limit: 1_000_000_000 });
  const key = 'order-'.padEnd(30, '7');
  let granted = 0;
  while (ask(book, request(`run-${granted}`.padEnd(36, '0'), { key }))) granted += 1;
  expect(granted).toBeGreaterThan(4_000);
  expect(JSON.stringify(book.record()).length).toBeLessThan(1_300_000);
  expect(book.denialOf(request('one more'), NOON)).toMatchObject({ isFull: true, isKnown: true });
});

const step = fc.record({
  do: fc.constantFrom('reserve', 'release', 'settle', 'set', 'continue', 'wait'),
  run: fc.constantFrom('a', 'b', 'c', 'd'),
  number: fc.integer({ min: 1, max: 3 }),
  count: fc.integer({ min: 1, max: 2 }),
  credits: fc.integer({ min: 1, max: 60 }),
  inDoubt: fc.constantFrom('none', 'rest', 'all'),
});

test('nothing is granted beyond the limit, whatever happens in whatever order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let book = bookOf();
      let nowMs = NOON;
      for (const { do: what, run, number, count, credits, inDoubt } of steps) {
        if (what === 'reserve') {
          ask(book, request(run, { number, count, credits }), nowMs);
        } else if (what === 'release') book.release({ run, runId: run, number });
        else if (what === 'settle') book.settle(end(run, inDoubt === 'all' ? 0 : credits, inDoubt));
        else if (what === 'continue') book = new BudgetBook(book.record());
        else if (what === 'wait') nowMs += 5 * HOUR;
        const view = book.view(nowMs);
        expect(view.posted + view.reserved + view.inDoubt - view.overrun).toBeLessThanOrEqual(100);
        expect(Math.min(view.reserved, view.inDoubt, view.posted)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 500 },
  );
});

test('after 10,000 renders with every end nothing is reserved, and what is in doubt was reported so', () => {
  let book = bookOf({ limit: 1_000_000, per: 'month' });
  const ends = ['done', 'failed', 'rejected', 'refused', 'lost', 'timed-out'] as const;
  const inDoubt = { count: 0 };
  for (let index = 0; index < 10_000; index += 1) {
    const run = `run-${index}`;
    const asked = request(run, { credits: 5 });
    expect(ask(book, asked)).toBe(true);
    const how = ends[index % ends.length];
    if (how === 'refused') book.release(asked);
    else if (how === 'lost') {
      ask(book, { ...asked, number: 2, count: 2 });
      book.settle(end(run, 5, 'rest'));
      inDoubt.count += 1;
    } else if (how === 'timed-out') {
      book.settle(end(run, 0, 'all'));
      inDoubt.count += 1;
    } else book.settle(end(run, how === 'done' ? 5 : 0, how === 'rejected' ? 'none' : 'rest'));
    if (index % 100 === 0) book = new BudgetBook(JSON.parse(JSON.stringify(book.record())));
  }
  const { all, reservations } = book.view(NOON);
  expect(all.reserved).toBe(0);
  expect(reservations).toEqual({ open: 0, inDoubt: inDoubt.count });
  expect(all.inDoubt).toBe(inDoubt.count * 5);
});

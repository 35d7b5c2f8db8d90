import { describe, expect, test } from 'vitest';
import { BudgetBook } from '../../src/render/budget-book.js';
import { ask, bookOf, DAY, end, HOUR, NOON, request } from './booked.js';

describe('reservations', () => {
  test('are granted up to the limit and not beyond', () => {
    const book = bookOf();
    expect([ask(book, request('a')), ask(book, request('b')), ask(book, request('c'))]).toEqual([
      true,
      true,
      false,
    ]);
    expect(book.view(NOON)).toMatchObject({ reserved: 80, posted: 0, left: 20 });
  });

  test('are one for each run, whatever the number of the submission', () => {
    const book = bookOf();
    for (const number of [1, 2, 3]) expect(ask(book, request('a', { number }))).toBe(true);
    expect(book.view(NOON)).toMatchObject({ reserved: 40, reservations: { open: 1, inDoubt: 0 } });
  });

  test('of a forced resubmission are two for its run, so that both movies are paid for', () => {
    const book = bookOf();
    ask(book, request('a'));
    expect(ask(book, request('a', { number: 2, count: 2 }))).toBe(true);
    expect(book.view(NOON).reserved).toBe(80);
    expect(ask(book, request('a', { number: 3, count: 3 }))).toBe(false);
  });

  test('of an unknown price hold what the budget says, or more if more is known', () => {
    const book = bookOf({ unknown: 30 });
    ask(book, request('a', { credits: 5, isUnknown: true }));
    ask(book, request('b', { credits: 50, isUnknown: true }));
    expect(book.view(NOON).reserved).toBe(80);
  });

  test('survive a lowered limit, which grants nothing more', () => {
    const book = bookOf();
    ask(book, request('a'));
    ask(book, request('b'));
    book.set({ limit: 10, per: 'day', by: 'ben', why: 'too much' }, NOON);
    expect(book.view(NOON)).toMatchObject({ reserved: 80, left: 0, limit: 10 });
    expect(ask(book, request('c', { credits: 1 }))).toBe(false);
    expect(ask(book, request('a', { number: 2 }))).toBe(true);
    expect(book.view(NOON).changes.map(({ by, why, limit }) => [by, why, limit])).toEqual([
      ['ben', 'too much', 10],
      ['anna', 'test', 100],
    ]);
  });
});

describe('denials', () => {
  test('name the next window, and that there is none', () => {
    const [day, month, total] = (['day', 'month', 'total'] as const).map((per) => bookOf({ per, limit: 40 }));
    const denied = [day, month, total].map((book) => {
      if (book !== undefined) ask(book, request('a'));
      return book?.denialOf(request('b'), NOON);
    });
    expect(denied.map((denial) => denial?.opensAt)).toEqual([
      '2026-11-30T00:00:00Z',
      '2026-12-01T00:00:00Z',
      null,
    ]);
    expect(denied[0]).toMatchObject({ left: 0, needs: 40, opensInMs: 12 * HOUR, isKnown: false });
  });

  test('of a movie that costs more than the limit name no window', () => {
    expect(bookOf().denialOf(request('a', { credits: 101 }), NOON)?.opensAt).toBeNull();
  });

  test('are reported once in each window', () => {
    const book = bookOf({ limit: 40 });
    ask(book, request('a'));
    const start = book.denialOf(request('b'), NOON)?.windowStartMs ?? 0;
    expect([book.exceeds(start, NOON), book.exceeds(start, NOON)]).toEqual([true, false]);
    expect(book.denialOf(request('b'), NOON)?.isKnown).toBe(true);
    expect(book.exceeds(start, NOON + DAY)).toBe(false);
  });
});

describe('windows', () => {
  test('begin at midnight UTC, with nothing spent', () => {
    const book = bookOf();
    ask(book, request('a'));
    book.settle(end('a', 40, 'none'));
    ask(book, request('b'));
    expect(book.view(NOON)).toMatchObject({ posted: 40, reserved: 40, left: 20 });
    expect(book.view(NOON + DAY)).toMatchObject({
      posted: 0,
      reserved: 0,
      left: 100,
      all: { posted: 40, reserved: 40 },
    });
  });

  test('keep what was reserved in them, though it is posted later', () => {
    const book = bookOf({ per: 'month' });
    const lateMs = Date.UTC(2026, 10, 30, 23, 59);
    ask(book, request('a'), lateMs);
    book.settle(end('a', 35, 'none', { endedAtMs: lateMs + HOUR }));
    expect(book.view(lateMs).posted).toBe(35);
    expect(book.view(lateMs + HOUR).posted).toBe(0);
  });

  test('pay for a reservation of an earlier one that grows', () => {
    const book = bookOf();
    ask(book, request('a'));
    expect(ask(book, request('a', { number: 2, count: 2 }), NOON + DAY)).toBe(true);
    expect(book.view(NOON + DAY).reserved).toBe(80);
  });
});

describe('settlements', () => {
  test('post once, and free the rest of the reservation', () => {
    const book = bookOf();
    ask(book, request('a'));
    for (let times = 0; times < 3; times += 1) book.settle(end('a', 33, 'rest'));
    expect(book.view(NOON)).toMatchObject({ posted: 33, reserved: 0, inDoubt: 0, left: 67, overrun: 0 });
  });

  test('show what cost more than was reserved', () => {
    const book = bookOf();
    ask(book, request('a'));
    book.settle(end('a', 120, 'rest'));
    expect(book.view(NOON)).toMatchObject({ posted: 120, overrun: 80, left: 0 });
  });

  test('keep in doubt what may have been paid for', () => {
    const book = bookOf();
    ask(book, request('a', { count: 2 }));
    for (let times = 0; times < 2; times += 1) book.settle(end('a', 40, 'rest'));
    expect(book.view(NOON)).toMatchObject({ posted: 40, reserved: 0, inDoubt: 40 });
    book.settle(end('a', 40, 'none'));
    expect(book.view(NOON)).toMatchObject({ posted: 80, inDoubt: 0 });
  });

  test('of an earlier run change no reservation that a later run of the chain has made since', () => {
    const book = bookOf();
    ask(book, request('a', { runId: 'reset' }), NOON + HOUR);
    book.settle(end('a', 0, 'none'));
    expect(book.view(NOON).reserved).toBe(40);
  });

  test('without a reservation change nothing', () => {
    const book = bookOf();
    book.settle(end('a', 40, 'rest'));
    expect(book.view(NOON)).toMatchObject({ posted: 0, left: 100 });
  });
});

describe('releases', () => {
  test('free the reservation of their own submission only', () => {
    const book = bookOf();
    ask(book, request('a'));
    ask(book, request('a', { number: 2 }));
    book.release({ run: 'a', runId: 'a', number: 1 });
    expect(book.view(NOON).reserved).toBe(40);
    book.release({ run: 'a', runId: 'a', number: 2 });
    expect(book.view(NOON).reserved).toBe(0);
  });

  test('of a forced submission leave the one that is in doubt, also if they come twice', () => {
    const book = bookOf();
    ask(book, request('a'));
    ask(book, request('a', { number: 2, count: 2 }));
    for (let times = 0; times < 2; times += 1) book.release({ run: 'a', runId: 'a', number: 2 });
    expect(book.view(NOON).reserved).toBe(40);
  });
});

test('the soft limit is reported once in each window', () => {
  const book = bookOf({ soft: 40 });
  expect(book.passesSoft(NOON)).toBe(false);
  ask(book, request('a'));
  expect([book.passesSoft(NOON), book.passesSoft(NOON)]).toEqual([true, false]);
  ask(book, request('b'), NOON + DAY);
  expect(book.passesSoft(NOON + DAY)).toBe(true);
});

test('a movie that an audit finds is posted once', () => {
  const book = bookOf();
  for (let times = 0; times < 2; times += 1) book.postAudited('p1', 7, NOON);
  expect(book.view(NOON)).toMatchObject({ posted: 7, overrun: 7 });
});

test('a movie that an audit has settled is not posted again without a reservation, also in a new run', () => {
  const book = bookOf();
  ask(book, request('a'));
  book.settle(end('a', 38, 'none', { project: 'p1' }));
  const next = new BudgetBook(book.record());
  next.postAudited('p1', 38, NOON);
  expect(next.audited).toEqual(['p1']);
  expect(next.view(NOON)).toMatchObject({ posted: 38, overrun: 0, reserved: 0, inDoubt: 0 });
});

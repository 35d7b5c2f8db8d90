import { describe, expect, test } from 'vitest';
import { auditStage, MOVIE } from './audit-stage.js';

const at = auditStage();

describe('the provider’s list', () => {
  test('is read only for the period, with both of its ends', async () => {
    const first = await at().post(MOVIE);
    at().fake.advance(1);
    const second = await at().post(MOVIE);
    at().fake.advance(1);
    await at().post(MOVIE);
    const report = await at().audit({
      since: new Date('2026-11-24T12:00:00.000Z'),
      until: new Date('2026-11-24T12:00:01.000Z'),
    });
    expect(report.unmarked.movies.map(({ project }) => project)).toEqual([first, second]);
  });

  test('is read in pages, each with the number of movies so far; the prices match the ledger', async () => {
    await at().postForeign(130);
    at().fake.advance(3_600);
    const read: number[] = [];
    const report = await at().audit({ onRead: (movies) => void read.push(movies) });
    expect(read).toEqual([100, 130]);
    expect(report).toMatchObject({
      movies: 130,
      unmarked: { count: 130, price: { credits: 650, unpriced: 0 } },
    });
    expect(at().fake.credits().spent).toBe(650);
  });

  test('may cover more days than one call of the provider', async () => {
    const old = await at().post(MOVIE);
    at().fake.advance(200 * 86_400);
    const report = await at().audit({ until: new Date(at().fake.now()) });
    expect(report.unmarked.movies).toMatchObject([{ project: old }]);
    expect(
      at()
        .fake.requests({ call: 'list' })
        .map(({ status }) => status),
    ).toEqual([200, 200, 200]);
  });

  test.each([
    ['fails', { kind: 'status', code: 403, accept: false } as const],
    ['is cut short', { kind: 'truncate', bytes: 100 } as const],
    [
      'continues without a next page',
      { kind: 'body', text: '{"movies":[],"has_next":true}', accept: false } as const,
    ],
  ])('that %s on its second page causes an error, never a report', async (_, effect) => {
    await at().postForeign(101);
    await at().postOurs('twice');
    at().fake.fault({ match: { call: 'list', nth: 2 }, effect });
    await expect(at().audit()).rejects.toMatchObject({
      code: 'ProviderUnavailable',
      message: expect.stringContaining('the audit was broken off'),
    });
  });

  test('that lags shows the duplicate in the next audit', async () => {
    at().runs.add('a', 'rendering', await at().postOurs('a'));
    at().fake.advance(60);
    const late = await at().postOurs('a');
    at().fake.fault({ match: { call: 'list' }, effect: { kind: 'list', lagSeconds: 30 } });
    expect((await at().audit()).duplicates).toEqual([]);
    at().fake.advance(30);
    expect((await at().audit()).duplicates).toMatchObject([
      { movies: [{ isKnown: true }, { project: late }] },
    ]);
  });
});

test('a period that does not end after its begin is refused before any read', async () => {
  const noon = new Date('2026-11-24T12:00:00Z');
  await expect(at().audit({ since: noon, until: noon })).rejects.toMatchObject({ code: 'OptionsInvalid' });
  await expect(at().audit({ since: new Date('?') })).rejects.toMatchObject({ code: 'OptionsInvalid' });
  expect(at().fake.requests()).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { EngineUnavailable } from '../../src/render/errors.js';
import { auditStage } from './audit-stage.js';

const at = auditStage();

describe('the engine', () => {
  test('gets one query for a page of movies, and none for a key whose movies it knows', async () => {
    for (let index = 0; index < 30; index += 1)
      at().runs.add(`key-${index}`, 'done', await at().postOurs(`key-${index}`));
    expect(await at().audit()).toMatchObject({ sound: { count: 30 } });
    expect(at().runs.asked).toEqual({ lists: 1, keys: [] });
  });

  test('gets a query for the key if its index lags, so that a lag makes no orphan', async () => {
    at().runs.add('a', 'rendering', await at().postOurs('a'));
    at().runs.isIndexed = false;
    expect(await at().audit()).toMatchObject({ orphans: [], sound: { count: 1 } });
    expect(at().runs.asked.keys).toEqual(['a']);
  });

  test('gets no query for movies of other namespaces, which the report lists apart', async () => {
    await at().postOurs('a', 'staging');
    await at().postOurs('a', 'staging');
    expect(await at().audit()).toMatchObject({
      duplicates: [],
      orphans: [],
      elsewhere: [{ namespace: 'staging', count: 2 }],
    });
    expect(at().runs.asked).toEqual({ lists: 0, keys: [] });
  });

  test('ends the audit with an error while it is out of reach', async () => {
    await at().postOurs('a');
    at().runs.isAway = true;
    await expect(at().audit()).rejects.toMatchObject({ code: 'EngineUnavailable' });
  });
});

describe('adopting', () => {
  test('gives a held or unknown key its orphan, and no other movie', async () => {
    const [held, unknown] = [await at().postOurs('held'), await at().postOurs('unknown')];
    for (const key of ['abandoned', 'absent', 'sound']) await at().postOurs(key);
    for (const state of ['held', 'unknown', 'abandoned'] as const) at().runs.add(state, state);
    at().runs.add('sound', 'done', await at().postOurs('sound'));
    const handed: string[][] = [];
    const report = await at().audit({ adopt: async (...what) => void handed.push(what) });
    expect(handed).toEqual([
      ['held', held],
      ['unknown', unknown],
    ]);
    expect(report.orphans.map(({ key, adopted }) => [key, adopted])).toEqual([
      ['held', true],
      ['unknown', true],
      ['abandoned', undefined],
      ['absent', undefined],
    ]);
  });

  test('continues after a key that refuses its project, and reports why', async () => {
    for (const key of ['a', 'b']) {
      await at().postOurs(key);
      at().runs.add(key, 'held');
    }
    const report = await at().audit({
      adopt: (key) => (key === 'a' ? Promise.reject(new Error('another movie')) : Promise.resolve()),
    });
    expect(report.orphans).toMatchObject([
      { key: 'a', adopted: false, next: expect.stringContaining('another movie') },
      { key: 'b', adopted: true },
    ]);
  });

  test('ends with an error while the engine is out of reach', async () => {
    await at().postOurs('a');
    at().runs.add('a', 'held');
    const adopt = () => Promise.reject(new EngineUnavailable('away'));
    await expect(at().audit({ adopt })).rejects.toMatchObject({ code: 'EngineUnavailable' });
  });
});

import { describe, expect, test } from 'vitest';
import { EngineUnavailable } from '../../src/render/errors.js';
import { auditStage } from './audit-stage.js';

const at = auditStage();

describe('the engine', () => {
  test('is asked once for a page of movies, and about no key whose movies it knows', async () => {
    for (let index = 0; index < 30; index += 1)
      at().runs.add(`key-${index}`, 'done', await at().postOurs(`key-${index}`));
    expect(await at().audit()).toMatchObject({ sound: { count: 30 } });
    expect(at().runs.asked).toEqual({ lists: 1, keys: [] });
  });

  test('is asked about the key where its index lags, so that no movie is an orphan for that', async () => {
    at().runs.add('a', 'rendering', await at().postOurs('a'));
    at().runs.isIndexed = false;
    expect(await at().audit()).toMatchObject({ orphans: [], sound: { count: 1 } });
    expect(at().runs.asked.keys).toEqual(['a']);
  });

  test('is not asked about movies of other namespaces, which are told apart', async () => {
    await at().postOurs('a', 'staging');
    await at().postOurs('a', 'staging');
    expect(await at().audit()).toMatchObject({
      duplicates: [],
      orphans: [],
      elsewhere: [{ namespace: 'staging', count: 2 }],
    });
    expect(at().runs.asked).toEqual({ lists: 0, keys: [] });
  });

  test('that is out of reach ends the audit', async () => {
    await at().postOurs('a');
    at().runs.isAway = true;
    await expect(at().audit()).rejects.toMatchObject({ code: 'EngineUnavailable' });
  });
});

describe('adopting', () => {
  test('hands each orphan of a held or unknown key to it, and nothing else', async () => {
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

  test('goes on after a key that does not take its project, and says why', async () => {
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

  test('ends where the engine is out of reach', async () => {
    await at().postOurs('a');
    at().runs.add('a', 'held');
    const adopt = () => Promise.reject(new EngineUnavailable('away'));
    await expect(at().audit({ adopt })).rejects.toMatchObject({ code: 'EngineUnavailable' });
  });
});

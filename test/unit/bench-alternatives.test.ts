import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bill } from '../../bench/alternatives/faults/bill.js';
import { faultList, type FaultyKey, KILLED, rulesOf } from '../../bench/alternatives/faults/fault-list.js';
import { findPostgres } from '../support/cluster/postgres.js';
import { parseFaultRule } from 'json2video-local';
import { seededRandom } from '../support/random.js';

describe('the faults of the alternatives', () => {
  test('are the same for each, in the same order', () => {
    const one = faultList('one', 3, seededRandom(7));
    const other = faultList('other', 3, seededRandom(7));
    expect(one.map(({ what }) => what)).toEqual(other.map(({ what }) => what));
    expect(one.map(({ what }) => what)).not.toEqual(
      faultList('one', 3, seededRandom(8)).map(({ what }) => what),
    );
    expect(one.map(({ key }) => key).filter((key) => other.some((entry) => entry.key === key))).toEqual([]);
  });

  test('are rules that the local JSON2Video takes; what hits a POST hits it once, so that a retry gets through', () => {
    const list = faultList('order', 1, seededRandom(1));
    expect(list.filter(({ what }) => what === KILLED)).toHaveLength(1);
    const rules = list.flatMap(rulesOf);
    expect(rules.length).toBeGreaterThan(5);
    for (const rule of rules) {
      expect(() => parseFaultRule(rule)).not.toThrow();
      expect(rule.times).toBe(rule.effect.kind === 'webhook' ? undefined : 1);
    }
  });
});

describe('the bill', () => {
  const list = ['a', 'b', 'c'].map((key): FaultyKey => ({ key, what: 'crowd', callers: 2, effects: [] }));
  const told = (projects: string[], urls: string[]) => ({ projects: new Set(projects), urls: new Set(urls) });

  test('of keys that were paid for once and told of is what was needed', () => {
    const movies = list.map(({ key }) => ({ key, credits: 5 }));
    const all = new Map(list.map(({ key }) => [key, told([`${key}-project`], [`${key}-url`])]));
    expect(bill(list, movies, all, 5)).toEqual({
      keys: 3,
      creditsNeeded: 15,
      creditsSpent: 15,
      postsAccepted: 3,
      paidTwice: {},
      withoutOutcome: {},
      contradicted: 0,
    });
  });

  test('names what was paid twice, what nobody was told, and callers who were told different things', () => {
    const movies = [
      { key: 'a', credits: 5 },
      { key: 'a', credits: 5 },
      { key: 'b', credits: 5 },
      { key: 'of somebody else', credits: 500 },
    ];
    const some = new Map([
      ['a', told(['p1', 'p2'], ['u1'])],
      ['b', told(['p3'], ['u3'])],
      ['c', told([], [])],
    ]);
    expect(bill(list, movies, some, 5)).toMatchObject({
      creditsSpent: 15,
      postsAccepted: 3,
      paidTwice: { crowd: 1 },
      withoutOutcome: { crowd: 1 },
      contradicted: 1,
    });
  });
});

describe('Postgres', () => {
  async function installed(...folders: string[]): Promise<string> {
    const root = await mkdtemp(join(tmpdir(), 'renderonce-postgres-'));
    onTestFinished(() => rm(root, { recursive: true }));
    for (const folder of folders) {
      await mkdir(join(root, folder), { recursive: true });
      for (const name of ['initdb', 'postgres', 'createdb']) await writeFile(join(root, folder, name), '');
    }
    return root;
  }

  test('is found where Debian keeps it, in its newest version, and otherwise on the PATH', async () => {
    const root = await installed('9/bin', '15/bin', 'elsewhere');
    expect(await findPostgres('', root)).toBe(join(root, '15/bin'));
    expect(await findPostgres(`/nowhere:${join(root, 'elsewhere')}`, '/nowhere')).toBe(
      join(root, 'elsewhere'),
    );
  });

  test('that is absent is reported with the command that installs it', async () => {
    const root = await installed();
    await expect(findPostgres('/nowhere', root)).rejects.toThrow('apt-get install postgresql');
  });
});

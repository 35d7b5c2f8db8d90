import { expect, test } from 'vitest';
import { EVENT_POINTS } from '../event-points.js';
import { KEEP_POINTS } from '../keep-points.js';
import type { SeenKey } from '../random/check/check.js';
import {
  ofBudgets,
  ofEngineKills,
  ofEventKills,
  ofKeepKills,
  ofRandom,
  ofUpKills,
  ofVersionKills,
} from './outcomes.js';

test('of killed engines: a movie that was paid twice breaks two promises, a forgotten key one', () => {
  const violations = ['paid 2 times: k1', 'forgotten: k2 was acknowledged with p'];
  const { promises, why } = ofEngineKills(6, { keys: 200, acknowledged: 200, open: 9, violations });
  const faults = { 'engine killed under load': 6 };

  expect(promises).toEqual({
    paid: { trials: 200, violations: 1, faults },
    engine: { trials: 200, violations: 2, faults },
  });
  expect(why).toBe(violations);
});

test('of up: each process that was killed is a kind of fault', () => {
  const kills = { worker: 3, up: 1 };
  const { promises } = ofUpKills({ keys: 40, acknowledged: 40, inFlight: 8, kills, violations: [] });

  expect(promises.up).toEqual({
    trials: 40,
    violations: 0,
    faults: { 'up: worker killed': 3, 'up: up killed': 1 },
  });
});

test('of versions: each move of the tasks before a kill is a kind of fault', () => {
  const kills = { shared: 3, rolled: 2 };
  const { promises } = ofVersionKills({ keys: 50, kills, violations: ['paid 2 times: k1'] });
  const faults = {
    'versions: tasks shared, a worker killed': 3,
    'versions: tasks rolled, a worker killed': 2,
  };

  expect(promises).toEqual({
    paid: { trials: 50, violations: 1, faults },
    versions: { trials: 50, violations: 1, faults },
  });
});

test('of events and videos: each key of each point is one trial, and one violation whatever was wrong with it', () => {
  const [event, keep] = [EVENT_POINTS[1], KEEP_POINTS[2]];
  const events = ofEventKills(3, [
    `killed ${event?.name}: k1: 2 effects`,
    `killed ${event?.name}: k1: the ID has changed`,
    `killed ${event?.name}: k2: 2 effects`,
  ]);
  const kept = ofKeepKills(1, [`${keep?.store}, killed ${keep?.name}: written 2 times`]);

  expect(events.promises.events).toMatchObject({ trials: 3 * EVENT_POINTS.length, violations: 2 });
  expect(kept.promises.kept).toMatchObject({ trials: KEEP_POINTS.length, violations: 1 });
  expect(Object.values(events.promises.events?.faults ?? {})).toEqual(EVENT_POINTS.map(() => 3));
});

test('of budgets: a trial is a budget, and a movie more than keys is paid twice', () => {
  const crowds = { budgets: 2, kills: 30, keys: 99, accepted: 101 };
  const { promises } = ofBudgets({ ...crowds, violations: ['under kills: a', 'under kills: b'] });

  expect(promises.budgets).toMatchObject({ trials: 2, violations: 1 });
  expect(promises.paid).toMatchObject({ trials: 99, violations: 2 });
  const asked = (code: string) =>
    ofBudgets({ ...crowds, violations: [`3 callers were neither accepted nor denied: ${code}`] });
  expect(asked('EngineUnavailable')).toMatchObject({ why: [], promises: { budgets: { violations: 0 } } });
  expect(asked('TypeError').promises.budgets).toMatchObject({ violations: 1 });
});

test('of random operators: a key counts once, and what was consented to is no second payment', () => {
  const accepted = (project: string) =>
    ({
      project,
      key: 'k1',
      atMs: 1,
      account: 'the account',
      variant: 'a',
    }) as unknown as SeenKey['accepted'][0];
  const seen = (key: string, paid: SeenKey['accepted']): SeenKey => ({
    key,
    nature: 'calm',
    accepted: paid,
    done: [],
    ended: {},
    signs: [],
  });
  const violation = (rule: 'call' | 'held', key: string) => ({ rule, key, what: 'wrong', signs: [] });
  const outcome = ofRandom(true, {
    seen: [seen('k1', [accepted('p1'), accepted('p2')]), seen('k2', [])],
    violations: [violation('call', 'k2'), violation('held', 'k2')],
  });

  expect(outcome).toMatchObject({ keys: 2, paidKeys: 1, acceptedPosts: 1 });
  expect(outcome.promises.paid).toMatchObject({ trials: 2, violations: 0 });
  expect(outcome.promises.random).toMatchObject({ trials: 2, violations: 1 });
  expect(outcome.why).toHaveLength(2);
});

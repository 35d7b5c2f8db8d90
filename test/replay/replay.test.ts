import { beforeAll, describe, expect, inject, test } from 'vitest';
import { RENDER_STATES } from '../../src/render/state.js';
import { FAILURES } from '../../src/workflows/messages.js';
import { readEnd } from './ends.js';
import { afterName, type Golden, readGolden, VERSION } from './histories.js';
import { replay } from './replay.js';
import { SCENARIOS } from './scenarios/index.js';

const GOLDEN = await readGolden();
const CURRENT = new Map(GOLDEN.filter(({ version }) => version === VERSION).map((each) => [each.name, each]));

let failed: ReadonlyMap<string, string>;
beforeAll(async () => {
  failed = await replay(inject('workflowBundle'), GOLDEN);
});

describe('the workflow of today goes on with a recorded run as it was:', () => {
  test.each(GOLDEN)('$version $name', ({ version, name }) => {
    expect(failed.get(`${version}/${name}`)).toBeUndefined();
  });
});

describe('the recorded histories of this version', () => {
  const ends = [...CURRENT.values()].map(({ history }) => readEnd(history));
  const all = (of: (end: (typeof ends)[number]) => readonly unknown[]): Set<unknown> =>
    new Set(ends.flatMap(of));

  test('are those of the scenarios, neither more nor fewer, and at least 20', () => {
    const names = SCENARIOS.flatMap(({ name, follows }) => [name, ...(follows ? [afterName(name)] : [])]);
    expect([...CURRENT.keys()].toSorted()).toEqual(names.toSorted());
    expect(CURRENT.size).toBeGreaterThanOrEqual(20);
  });

  test.each(SCENARIOS)('end as the scenario says: $name', ({ name, end, failure }) => {
    const { states, failure: recorded, closed } = readEnd(historyOf(CURRENT.get(name)));
    expect({ end: states.at(-1), failure: recorded }).toEqual({ end, failure });
    expect(closed).toBe(failure === undefined ? 'completed' : end === 'cancelled' ? 'canceled' : 'failed');
  });

  test('leave no activity pending, so that the Temporal UI shows none in a closed run', () => {
    const pending = [...CURRENT].map(([name, { history }]) => [name, readEnd(history).pending]);
    expect(Object.fromEntries(pending.filter(([, names]) => names?.length !== 0))).toEqual({});
  });

  test('show every state of a render, and of what follows it', () => {
    expect(all(({ states }) => states)).toEqual(new Set([...RENDER_STATES, 'undelivered']));
  });

  test('start what follows as a workflow of its own', () => {
    const followed = SCENARIOS.filter(({ follows }) => follows).map(({ name }) =>
      readEnd(historyOf(CURRENT.get(name))),
    );
    expect(followed.map(({ children }) => children)).toEqual(followed.map(() => ['afterRender']));
  });

  test('hold every type of failure', () => {
    const types = all(({ failure }) => (failure === undefined ? [] : [failure]));
    expect(types).toEqual(new Set(Object.values(FAILURES)));
  });

  test('hold every decision of a person', () => {
    expect(all(({ decisions }) => decisions)).toEqual(new Set(['adopt', 'resubmit', 'abandon']));
  });

  test('hold every activity', () => {
    const recorded = [
      'submitMovie',
      'findMovie',
      'claimMovie',
      'checkMovie',
      'confirmMovie',
      'local confirmMovie',
      'keepVideo',
      'sendEvent',
      'awaitLate',
    ];
    expect(all(({ activities }) => activities)).toEqual(new Set(recorded));
  });
});

function historyOf(golden: Golden | undefined): Golden['history'] {
  if (golden === undefined) throw new Error('no history is recorded: npm run golden');
  return golden.history;
}

import { expect, test } from 'vitest';
import { WORKFLOWS } from '../../src/workflows/messages.js';
import { bundleCompiled } from '../support/bundle.js';
import { type Plant, plantDist } from '../support/planted-dist.js';
import { readEnd, type RecordedEnd } from './ends.js';
import { readGolden } from './histories.js';
import { replay } from './replay.js';

const GOLDEN = await readGolden();

/** Changes that a render in flight would trip over, and the recorded runs that pass the changed place. */
const CHANGES: readonly (readonly [what: string, plant: Plant, concerns: (run: RecordedEnd) => boolean])[] = [
  [
    'one more timer before the first submission',
    {
      file: 'workflows/submit.js',
      from: 'return (await this.#lookBefore()) ??',
      to: 'await sleep(1_000); return (await this.#lookBefore()) ??',
    },
    ({ type, activities }) => type === WORKFLOWS.render && activities.length > 0,
  ],
  [
    'one more timer before an accepted render is watched',
    {
      file: 'workflows/await-outcome.js',
      from: "this.#tell({ type: 'accepted' });",
      to: "await sleep(1_000); this.#tell({ type: 'accepted' });",
    },
    ({ states }) => states.includes('rendering'),
  ],
  [
    'one more timer before a held key is looked for',
    {
      file: 'workflows/doubt.js',
      from: 'async function lookForEver(render, doubt, until) {',
      to: 'async function lookForEver(render, doubt, until) { await sleep(1_000);',
    },
    ({ states }) => states.includes('held'),
  ],
  [
    'no timer after a refusal',
    { file: 'workflows/refusals.js', from: 'await sleep(next.delayMs,', to: 'void (next.delayMs,' },
    ({ states, activities }) => states.includes('waiting') && submissions(activities) > 1,
  ],
  [
    'no workflow after the end',
    {
      file: 'workflows/start-after.js',
      from: 'const wasStarted = await startOwn(WORKFLOWS.after, id, request, memo);',
      to: 'const wasStarted = true;',
    },
    ({ children }) => children.length > 0,
  ],
  [
    'one more search attribute before an event is sent',
    {
      file: 'workflows/deliveries.js',
      from: 'const { status } = await sendEvent(',
      to: "upsertSearchAttributes([{ key: ATTRIBUTES.state, value: 'sending' }]); const { status } = await sendEvent(",
    },
    ({ activities }) => activities.includes('sendEvent'),
  ],
];

function submissions(activities: readonly string[]): number {
  return activities.filter((name) => name === 'submitMovie').length;
}

test.each(CHANGES)(
  '%s fails the replay of each run that it concerns, and of no other',
  async (_, plant, concerns) => {
    const copy = await plantDist([plant]);
    try {
      const failed = await replay(await bundleCompiled(copy.dist), GOLDEN);
      const concerned = GOLDEN.filter(({ history }) => concerns(readEnd(history)));

      expect(concerned.length).toBeGreaterThan(0);
      expect([...failed.keys()].toSorted()).toEqual(
        concerned.map(({ version, name }) => `${version}/${name}`).toSorted(),
      );
    } finally {
      await copy.remove();
    }
  },
);

test('compiled code without a change replays them all', async () => {
  const copy = await plantDist([]);
  try {
    expect(await replay(await bundleCompiled(copy.dist), GOLDEN)).toEqual(new Map());
  } finally {
    await copy.remove();
  }
});

test('a change whose text is not in the code is an error, not a change that nothing notices', async () => {
  const plant = { file: 'workflows/look.js', from: 'no such text', to: '' };
  await expect(plantDist([plant])).rejects.toThrow('holds this text 0 times');
});

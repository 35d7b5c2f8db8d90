import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleWorkflows } from '../../support/bundle.js';
import { plantDist, type PlantedDist } from '../../support/planted-dist.js';
import { expectNoProcessLeft } from '../../support/processes.js';
import { timeSkippingBinary } from '../../support/time-skipping-binary.js';
import { checkCell, type Sighting } from '../check.js';
import { type FaultStage, openFaultStage } from '../fault-stage.js';
import { BUGS, SIXTEEN_BUGS } from './bugs.js';
import type { Bug, ControlScenario } from './control.js';

expectNoProcessLeft();

let stage: FaultStage;
let timeSkipping: string;
/** A copy as those with bugs, but without. */
let sound: PlantedDist;
beforeAll(async () => {
  sound = await plantDist([]);
  timeSkipping = await timeSkippingBinary();
  stage = await openFaultStage();
});
afterAll(async () => {
  await stage.close();
  await sound.remove();
});

/** Bundled once for sound code, and for bugs that are not in the workflow. */
let soundBundle: Promise<string> | undefined;
const bundleSound = (): Promise<string> =>
  (soundBundle ??= bundleWorkflows(`${sound.dist}/workflows/index.js`));

async function playPlanted({ plants, scenario }: Bug): Promise<Sighting> {
  const planted = await plantDist(plants);
  const isInWorkflow = plants.some(({ file }) => /^(workflows|render)\//.test(file));
  const bundle = isInWorkflow ? () => bundleWorkflows(`${planted.dist}/workflows/index.js`) : bundleSound;
  try {
    return await scenario.play({ dist: planted.dist, bundle, stage, timeSkipping });
  } finally {
    await planted.remove();
  }
}

const SCENARIOS: readonly ControlScenario[] = [...new Set(BUGS.map(({ scenario }) => scenario))];

test('all sixteen bugs are planted', () => {
  expect(SIXTEEN_BUGS).toHaveLength(16);
});

/** For a busy machine: a scenario alone takes 1 to 25 s. */
const TIMEOUT_MS = 240_000;

describe.concurrent('the checker', { timeout: TIMEOUT_MS }, () => {
  test.each(SCENARIOS)('finds nothing wrong where $name', async (scenario) => {
    const seen = await scenario.play({ dist: sound.dist, bundle: bundleSound, stage, timeSkipping });
    expect(checkCell(seen)).toEqual([]);
  });

  test.each(BUGS)('catches it when $name', async (bug) => {
    const violations = checkCell(await playPlanted(bug));
    expect(violations).toContainEqual(
      expect.objectContaining({ rule: bug.breaks, what: expect.stringMatching(bug.shows) }),
    );
  });
});

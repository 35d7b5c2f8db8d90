import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleCompiled } from '../../support/bundle.js';
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

function play(scenario: ControlScenario, dist: string): Promise<Sighting> {
  return scenario.play({ dist, bundle: () => bundleCompiled(dist), stage, timeSkipping });
}

async function playPlanted({ plants, scenario }: Bug): Promise<Sighting> {
  const planted = await plantDist(plants);
  try {
    return await play(scenario, planted.dist);
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
    expect(checkCell(await play(scenario, sound.dist))).toEqual([]);
  });

  test.each(BUGS)('catches it within one key when $name', async (bug) => {
    const sighting = await playPlanted(bug);
    const violations = checkCell(sighting);
    expect(sighting.observed.length).toBeLessThanOrEqual(1);
    expect(violations).toContainEqual(
      expect.objectContaining({ rule: bug.breaks, what: expect.stringMatching(bug.shows) }),
    );
  });
});

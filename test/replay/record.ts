import { expect, test } from 'vitest';
import { readEnd } from './ends.js';
import { playScenario } from './golden-run.js';
import { afterName, writeGolden } from './histories.js';
import { SCENARIOS } from './scenarios/index.js';

// No test of the suite: `npm run golden` runs this to record the histories of this version anew, and with
// `-- -t NAME` one of them.

test.each(SCENARIOS)('$name', async (scenario) => {
  const { history, after } = await playScenario(scenario);
  const { states, failure } = readEnd(history);
  expect({ end: states.at(-1), failure }).toEqual({ end: scenario.end, failure: scenario.failure });
  await writeGolden(scenario.name, history);
  if (after !== undefined) await writeGolden(afterName(scenario.name), after);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CASES, MODES, POINTS } from './cell.js';
import { checkCell, checkRun, type Observed } from './check.js';
import { isDeck } from './decks/deck.js';
import { forgetFailedCell, noteFailedCell, readFailedCells } from './failed-cells.js';
import { type FaultStage, openFaultStage } from './fault-stage.js';
import { HTTP_FAULTS } from './http-faults.js';
import { kindsOf } from './kinds.js';
import { type Cell, nameOf, runCell } from './run-cell.js';
import { ENGINE_STATES } from './run-engine.js';
import { OVER_HTTP } from './play.js';
import { CALLS } from './run-http.js';
import { until } from '../support/until.js';
import { SAMPLE_SEED, sampleCells } from './sample.js';

expectNoProcessLeft();

const seed = SAMPLE_SEED;
// What has an engine and checks of its own is played by its own test.
const failed = (await readFailedCells()).map(({ cell }) => cell).filter((cell) => !isDeck(cell));
const cells = [...failed, ...sampleCells(seed)];

let stage: FaultStage;
let before: readonly string[];
beforeAll(async () => {
  before = openResources();
  stage = await openFaultStage();
});
afterAll(async () => {
  await stage.close();
  await until('all sockets and processes are closed', () => openResources().length <= before.length);
});

/** Sockets and child processes that this process holds. */
function openResources(): readonly string[] {
  return process.getActiveResourcesInfo().filter((kind) => /^(TCP|TLS|Process)/.test(kind));
}

const observed: Observed[] = [];
const fired = new Map<string, number>();
const unforetold: string[] = [];

async function play(cell: Cell, id: string) {
  const result = await runCell(stage, cell, id);
  observed.push(...result.observed);
  const foretold = { ...kindsOf(cell), [OVER_HTTP]: 0 };
  unforetold.push(...Object.keys(result.fired).filter((fault) => !(fault in foretold)));
  for (const [fault, keys] of Object.entries(result.fired)) {
    fired.set(fault, (fired.get(fault) ?? 0) + keys.length);
  }
  return checkCell(result);
}

describe.concurrent('exactly one POST is accepted, and every key comes to its end:', () => {
  test.each(cells.map((cell, number) => [nameOf(cell), number, cell] as const))(
    '%s',
    async (name, number, cell) => {
      const id = `${Date.now().toString(36)}-${number}`;
      const why = await play(cell, id).catch((error: unknown) => [{ rule: 'played', what: String(error) }]);
      if (why.length > 0) {
        process.stderr.write(`SEED=${seed} CELL=${JSON.stringify(cell)} (${name})\n`);
        await noteFailedCell({ seed, cell, why: why.map(({ what }) => what) });
      } else if (failed.includes(cell)) await forgetFailedCell(cell);
      expect(why).toEqual([]);
    },
    420_000,
  );
});

test('nothing of the sample was left out: every point, mode, wait, outcome, state and HTTP fault has happened', () => {
  const struck = [...fired].filter(([, keys]) => keys > 0).map(([fault]) => fault);
  const due = [
    ...CALLS.flatMap((call) => HTTP_FAULTS.map(({ name }) => `${call}: ${name}`)),
    ...ENGINE_STATES.map((state) => `engine killed: ${state}`),
  ];
  const cases = new Set(
    observed.map(({ key: { wait, outcome, resubmissions } }) => `${wait} ${outcome} ${resubmissions}`),
  );

  expect(unforetold).toEqual([]);
  expect(due.filter((fault) => !struck.includes(fault))).toEqual([]);
  expect(POINTS.filter((point) => !struck.some((fault) => fault.startsWith(point)))).toEqual([]);
  expect(MODES.filter((mode) => !struck.some((fault) => fault.endsWith(` ${mode}`)))).toEqual([]);
  expect(struck.some((fault) => fault.startsWith('then '))).toBe(true);
  expect(struck).toContain(OVER_HTTP);
  expect(cases.size).toBe(CASES.length);
  expect(checkRun(observed)).toEqual([]);
});

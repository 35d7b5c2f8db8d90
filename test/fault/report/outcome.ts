import { checkCell, type Observed, type Violation } from '../check.js';
import { OVER_HTTP, type RunResult } from '../play.js';
import type { Cell } from '../run-cell.js';
import { type NaiveKey, naiveKeyOf } from './naive-keys.js';
import type { Trials, TrialsByPromise } from './promises.js';

/** What a cell adds to the report. */
export interface Outcome {
  readonly keys: number;
  /** Keys for which at least one POST was accepted. */
  readonly paidKeys: number;
  readonly acceptedPosts: number;
  /** Keys in doubt, which a look had to settle. */
  readonly inDoubt: number;
  readonly held: number;
  /** From the fault to the last answer about a key, for each key that was open when it struck. */
  readonly timesToKnownMs: readonly number[];
  readonly naiveKeys: readonly NaiveKey[];
  readonly observed: readonly Observed[];
  readonly promises: TrialsByPromise;
  /** What was not as it must be. */
  readonly why: readonly string[];
}

/** Returns what a cell has shown: which promises it tried, under which faults, and which it found broken. */
export function outcomeOf(cell: Cell, result: RunResult): Outcome {
  const { observed, struckAtMs } = result;
  const violations = checkCell(result);
  const last = observed.map(({ answers }) => Math.max(...answers.map(({ atMs }) => atMs - struckAtMs)));
  return {
    keys: observed.length,
    paidKeys: observed.filter(({ accepted }) => accepted.length > 0).length,
    acceptedPosts: observed.reduce((sum, { accepted }) => sum + accepted.length, 0),
    inDoubt: observed.filter(({ wasUnknown }) => wasUnknown).length,
    held: observed.filter(({ answers }) => answers.some(({ told }) => told === 'held')).length,
    timesToKnownMs: last.filter((ms) => ms > 0),
    naiveKeys: observed
      .map(({ key }, index) => naiveKeyOf(cell, key, index))
      .filter((key) => key !== undefined),
    observed,
    promises: promisesOf(cell, result, violations),
    why: violations.map(({ rule, key, what }) => `${rule}: ${key === undefined ? '' : `${key}: `}${what}`),
  };
}

function promisesOf(
  cell: Cell,
  { observed, fired }: RunResult,
  violations: readonly Violation[],
): TrialsByPromise {
  const { [OVER_HTTP]: overHttp = [], ...faults } = fired;
  const all = observed.map(({ key }) => key.key);
  const broken = (...rules: Violation['rule'][]) => violations.filter(({ rule }) => rules.includes(rule));
  const of = (keys: readonly string[], ...rules: Violation['rule'][]) =>
    trialsOf(keys, broken(...rules), faults);
  const struck = Object.entries(faults).filter(([, keys]) => keys.length > 0);
  const classed =
    cell.kind === 'http' ? all.filter((key) => struck.some(([, keys]) => keys.includes(key))) : [];
  return {
    paid: of(all, 'safety'),
    ended: of(all, 'liveness'),
    told: of(all, 'agreement'),
    class: of(classed, 'class'),
    server: of(overHttp, 'safety', 'liveness', 'agreement'),
    clean: {
      trials: 1,
      violations: broken('hygiene').length > 0 ? 1 : 0,
      faults: Object.fromEntries(struck.map(([fault]) => [fault, 1])),
    },
  };
}

/** A key counts once, however much was wrong with it; what was wrong with the cell as a whole counts once, too. */
function trialsOf(keys: readonly string[], broken: readonly Violation[], fired: RunResult['fired']): Trials {
  const tried = new Set(keys);
  const wrong = new Set(broken.map(({ key }) => key).filter((key) => key === undefined || tried.has(key)));
  const struck = Object.entries(fired).map(
    ([fault, its]) => [fault, its.filter((key) => tried.has(key)).length] as const,
  );
  return {
    trials: tried.size,
    violations: tried.size === 0 ? 0 : wrong.size,
    faults: Object.fromEntries(struck.filter(([, count]) => count > 0)),
  };
}

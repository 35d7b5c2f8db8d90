import { FULL, type Plan, QUICK, shareOf } from './plan.js';

/** What one run of the bench measures, and on what. */
export interface BenchOptions {
  readonly quick: boolean;
  /** `memory`, `file`, or the address of an engine. */
  readonly store: string;
  readonly plan: Plan;
}

interface Given {
  readonly quick: boolean;
  readonly store: string;
  readonly rounds?: string;
  readonly inFlight?: string;
  readonly share?: string;
}

/** The options of the command line, checked. @throws Error that names the option */
export function benchOptions({ quick, store, rounds, inFlight, share }: Given): BenchOptions {
  const plan = shareOf(quick ? QUICK : FULL, shareFrom(share));
  return {
    quick,
    store,
    plan: {
      ...plan,
      rounds: numberOf('--rounds', rounds, { least: 1 }) ?? plan.rounds,
      inFlight: numberOf('--in-flight', inFlight, { least: 0 }) ?? plan.inFlight,
    },
  };
}

/** A whole number of the command line. @throws Error that names the option */
export function numberOf(
  name: string,
  text: string | undefined,
  { least }: { readonly least: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least) return value;
  throw new Error(`${name} must be a whole number, at least ${least}`);
}

function shareFrom(text: string | undefined): number {
  if (text === undefined) return 1;
  const share = Number(text);
  if (share > 0 && share <= 100) return share;
  throw new Error('--share must be a number above 0, at most 100');
}

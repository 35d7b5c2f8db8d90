import { median, percentile, rounded, summary } from '../measure/statistics.js';
import type { CalmTurn } from './calm.js';
import type { Bill } from './faults/bill.js';

/** What one of them came to. Rates and latencies are medians: of the rounds, and of all calls. */
export interface AlternativeReport {
  readonly perSecond: number;
  readonly perSecondP95: number;
  readonly perSecondOfRounds: readonly number[];
  readonly submitMs: number;
  readonly submitP95Ms: number;
  /** Of the provider, for one render. */
  readonly requests: number;
  /** Of its processes after the calm rounds; the shared Postgres is not counted. */
  readonly residentBytes: number;
  readonly creditsUnderFaults: number;
  readonly faults: Bill;
  /** The same faults, where the step that pays is never tried again. */
  readonly faultsWithOneAttempt?: Bill;
}

interface Measured {
  readonly turns: readonly CalmTurn[];
  readonly residentBytes: number;
  readonly faults: Bill;
  readonly faultsWithOneAttempt?: Bill | undefined;
}

export function report(measured: Measured): AlternativeReport {
  const { turns, faults, faultsWithOneAttempt, residentBytes } = measured;
  const rates = turns.map(({ perSecond }) => perSecond);
  const submitMs = summary(turns.flatMap((turn) => turn.submitMs));
  const requests = turns.reduce((total, turn) => total + turn.requests, 0) / turns.length;
  return {
    perSecond: rounded(median(rates)),
    perSecondP95: rounded(percentile(rates, 0.95)),
    perSecondOfRounds: rates.map(rounded),
    submitMs: submitMs.p50,
    submitP95Ms: submitMs.p95,
    requests: rounded(requests),
    residentBytes,
    creditsUnderFaults: faults.creditsSpent,
    faults,
    ...(faultsWithOneAttempt === undefined ? {} : { faultsWithOneAttempt }),
  };
}

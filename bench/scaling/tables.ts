import type { Results } from '../results.js';
import { costOf } from './costs.js';
import { simulateDay } from './day.js';
import { lookLimitPerSecond } from './look-limit.js';

/** What is assumed; all else is measured or follows. */
const ASSUMED = {
  rendersPerDay: [10_000, 1_000_000, 100_000_000],
  /** A movie of a minute or two. */
  renderSeconds: 90,
  movieBytes: 2_000,
  /** A busy hour has so many times the mean of the day. */
  peakToMean: 2,
  /** How long the engine remembers closed keys, days: the default of `RENDERONCE_KEY_MEMORY_DAYS`. */
  retentionDays: 30,
  /** Days of a month's bill. */
  monthDays: 30,
  /**
   * State transitions a second of one Postgres of 2 processors with one of each of the engine's services: the only
   * published figure for that size. A plan, not a promise: measure your own.
   */
  transitionsPerDatabase: 1_000,
  /** A shard works through its workflows one change at a time; a change takes the database about 10 ms. */
  transitionsPerShard: 50,
  /** Of its processor a worker uses at the peak so much, so that a rollout or a crash is no outage. */
  workerShare: 0.5,
} as const;

/** What a load needs, all at the busiest moment where a rate is meant. */
export interface Need {
  readonly rendersPerDay: number;
  readonly peakPerSecond: number;
  readonly inFlight: number;
  readonly transitionsPerSecond: number;
  readonly databases: number;
  readonly shards: number;
  readonly storageGb: number;
  readonly workerCores: number;
  readonly receiverCores: number;
  readonly requestsPerSecond: number;
  /** Accounts at the provider, so that each one's list can be read in a look. */
  readonly accounts: number;
  readonly millionActionsPerMonth: number;
  readonly actionsPerSecond: number;
}

/** Processor time for one render in milliseconds, if possible of those whose webhook comes after some seconds. */
function cpuOf({ cpuMs }: Results, process: 'worker' | 'receiver'): number {
  return (cpuMs.webhook3s ?? cpuMs.webhook)[process] ?? Number.NaN;
}

/** What a number of renders a day needs. */
export function needOf(results: Results, rendersPerDay: number): Need {
  const { renderSeconds, peakToMean, movieBytes, retentionDays, monthDays, workerShare } = ASSUMED;
  const cost = costOf(results, renderSeconds);
  const { peakArrivalsPerSecond: peak, peakInFlight } = simulateDay({
    rendersPerDay,
    peakToMean,
    renderSeconds,
    capacityPerSecond: Number.MAX_SAFE_INTEGER,
  });
  const cores = (cpuMs: number): number => (peak * cpuMs) / 1_000 / workerShare;
  const transitionsPerSecond = peak * cost.stateTransitions;
  return {
    rendersPerDay,
    peakPerSecond: peak,
    inFlight: peakInFlight,
    transitionsPerSecond,
    databases: Math.ceil(transitionsPerSecond / ASSUMED.transitionsPerDatabase),
    shards: powerOfTwoFrom(transitionsPerSecond / ASSUMED.transitionsPerShard),
    storageGb: (rendersPerDay * retentionDays * (cost.historyBytes + movieBytes)) / 1e9,
    workerCores: cores(cpuOf(results, 'worker')),
    receiverCores: cores(cpuOf(results, 'receiver')),
    requestsPerSecond: peak * cost.requests,
    accounts: Math.ceil(peak / lookLimitPerSecond()),
    millionActionsPerMonth: (rendersPerDay * monthDays * cost.actions) / 1e6,
    actionsPerSecond: peak * cost.actions,
  };
}

/** A number of shards is a power of two, and at least what a small cluster is given. */
function powerOfTwoFrom(wanted: number): number {
  const SMALLEST = 512;
  return Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(Math.max(1, wanted))));
}

/** The tables of `docs/scaling.md`, in Markdown. */
export function scalingTables(results: Results): string {
  const needs = ASSUMED.rendersPerDay.map((renders) => needOf(results, renders));
  const row = (name: string, of: (need: Need) => number): string =>
    `| ${name} | ${needs.map((need) => shown(of(need))).join(' | ')} |`;
  const cost = costOf(results, ASSUMED.renderSeconds);
  return `| one render of ${ASSUMED.renderSeconds} s, by webhook | |
| --- | --- |
| state transitions | ${cost.stateTransitions} |
| bytes of history beside the movie | ${cost.historyBytes} |
| requests to the provider | ${shown(cost.requests)} |
| Actions on Temporal Cloud | ${cost.actions} |
| processor time: worker, receiver | ${cpuOf(results, 'worker')} ms, ${cpuOf(results, 'receiver')} ms |

| renders a day | ${needs.map((need) => shown(need.rendersPerDay)).join(' | ')} |
| --- | --- | --- | --- |
${[
  row('submissions a second at the peak', (need) => need.peakPerSecond),
  row('renders in flight at the peak', (need) => need.inFlight),
  row('requests to the provider a second', (need) => need.requestsPerSecond),
  row('accounts at the provider, at the least', (need) => need.accounts),
  row('state transitions a second', (need) => need.transitionsPerSecond),
  row('databases of 2 processors', (need) => need.databases),
  `| history shards | ${needs.map(({ shards }) => shards).join(' | ')} |`,
  row('stored, GB', (need) => need.storageGb),
  row('worker cores', (need) => need.workerCores),
  row('receiver cores', (need) => need.receiverCores),
  row('Cloud: Actions a second', (need) => need.actionsPerSecond),
  row('Cloud: million Actions a month', (need) => need.millionActionsPerMonth),
].join('\n')}
`;
}

/** Two digits below a thousand, three above: a plan is no more exact. */
function shown(value: number): string {
  return Number(value.toPrecision(value < 1_000 ? 2 : 3)).toLocaleString('en-US', {
    maximumFractionDigits: 2,
  });
}

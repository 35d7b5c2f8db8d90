import { type Bed, openBed } from '../bed.js';
import type { BenchEngine } from '../engine.js';
import { closedLoop, type LoopResult } from '../measure/closed-loop.js';
import { CpuMeter } from '../measure/cpu.js';
import { residentBytes } from '../measure/memory.js';
import { inRounds } from '../measure/rounds.js';
import { median, medianRatio, rounded } from '../measure/statistics.js';
import { CARD } from '../movies.js';
import { CROWD, DEADLINE_MS } from '../plan.js';

/** What one variant's worker did. */
export interface VariantResult {
  readonly name: string;
  /** Renders by webhook, 50 callers; the median round. */
  readonly perSecond: number;
  /** The median of each round's own ratio to the first variant. */
  readonly toShipped: number;
  /** `submitOnce`, one caller; milliseconds, median of all. */
  readonly submitMs: number;
  /** Processor time of the worker for a render, in milliseconds. */
  readonly workerCpuMs: number;
  /** Resident memory of the worker after the last round. */
  readonly workerRssBytes: number;
}

interface Measuring {
  readonly engine: BenchEngine;
  /** Renders of one variant in one round. */
  readonly count: number;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

interface Round {
  readonly webhook: LoopResult;
  readonly submit: LoopResult;
}

const SUBMISSIONS = 20;

/** Plays them by turns; the first is what the others are compared with. `main` is a variant's command line. */
export async function measureVariants(
  variants: readonly { readonly name: string; readonly main: string }[],
  { engine, count, rounds, say }: Measuring,
): Promise<VariantResult[]> {
  const beds = new Map<string, Bed>();
  try {
    for (const { name, main } of variants) beds.set(name, await openBed(engine, 0, main));
    const cpu = new Map([...beds].map(([name, { worker }]) => [name, new CpuMeter({ worker: worker.pid })]));
    const load = { count, atOnce: CROWD };
    for (const bed of beds.values()) await renders(bed, load, 'warm');
    const turn =
      (name: string, bed: Bed) =>
      async (round: number): Promise<Round> => {
        const webhook = await renders(bed, load, `round${round}`, cpu.get(name));
        return { webhook, submit: await submissions(bed, round) };
      };
    const results = await inRounds(
      rounds,
      Object.fromEntries([...beds].map(([name, bed]) => [name, turn(name, bed)])),
      (name, round, { webhook }) =>
        say(`round ${round + 1}, ${name}: ${rounded(webhook.perSecond)} a second`),
    );
    const ratesOf = (name = ''): number[] => (results[name] ?? []).map(({ webhook }) => webhook.perSecond);
    const shipped = ratesOf(variants[0]?.name);
    return [...beds].map(([name, { worker }]) => ({
      name,
      perSecond: rounded(median(ratesOf(name))),
      toShipped: medianRatio(ratesOf(name), shipped),
      submitMs: rounded(median((results[name] ?? []).flatMap(({ submit }) => submit.latenciesMs))),
      workerCpuMs: cpu.get(name)?.perJob(count * rounds)['worker'] ?? Number.NaN,
      workerRssBytes: residentBytes(worker.pid),
    }));
  } finally {
    for (const bed of beds.values()) await bed.close();
  }
}

function renders(
  bed: Bed,
  load: { readonly count: number; readonly atOnce: number },
  run: string,
  cpu?: CpuMeter,
): Promise<LoopResult> {
  const play = () =>
    closedLoop(load, (index) =>
      bed.renders.render(keyOf(bed, run, index), CARD, { deadlineMs: DEADLINE_MS }),
    );
  return cpu === undefined ? play() : cpu.during(play);
}

function submissions(bed: Bed, round: number): Promise<LoopResult> {
  return closedLoop({ count: SUBMISSIONS, atOnce: 1 }, (index) =>
    bed.renders.submitOnce(keyOf(bed, `submit${round}`, index), CARD),
  );
}

/** Each bed has a task queue of its own. */
function keyOf({ env }: Bed, run: string, index: number): string {
  return `${env['RENDERONCE_TASK_QUEUE'] ?? ''}-${run}-${index}`;
}

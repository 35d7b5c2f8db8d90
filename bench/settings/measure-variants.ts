import { type Bed, openBed } from '../bed.js';
import type { BenchEngine } from '../engine.js';
import { closedLoop, type LoopResult } from '../measure/closed-loop.js';
import { CpuMeter } from '../measure/cpu.js';
import { residentBytes } from '../measure/memory.js';
import { inRounds } from '../measure/rounds.js';
import { median, medianRatio, rounded } from '../measure/statistics.js';
import { CARD } from '../movies.js';
import { CROWD, DEADLINE_MS } from '../plan.js';
import type { Reference } from '../references.js';
import type { VariantCode } from './variant-code.js';

/** A variant whose worker and client can run. */
export interface RunnableVariant {
  readonly name: string;
  readonly code: VariantCode;
  readonly engine: BenchEngine;
  /** Measured beside it, if this variant is the first on its engine. */
  readonly floor?: Reference;
}

/** The results of one variant. */
export interface VariantResult {
  readonly name: string;
  /** Renders by webhook, 50 callers; the median round. */
  readonly perSecond: number;
  /** The median of each round's own ratio to the first variant. */
  readonly toShipped: number;
  /** Of the first variant on the same engine. */
  readonly floorPerSecond?: number;
  /** `submitOnce`, one caller; milliseconds, median of all. */
  readonly submitMs: number;
  /** A bare POST to the same provider; milliseconds, median of all. */
  readonly barePostMs: number;
  /** Processor time for a render, in milliseconds, of `worker`, `engine` and `client`. */
  readonly cpuMs: Readonly<Record<string, number>>;
  /** Resident memory of the worker after the last round. */
  readonly workerRssBytes: number;
}

interface Measuring {
  /** Renders of one variant in one round. */
  readonly count: number;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

interface Round {
  readonly webhook: LoopResult;
  readonly submit: LoopResult;
  readonly barePost: LoopResult;
  readonly floor: LoopResult | undefined;
}

const SUBMISSIONS = { count: 20, atOnce: 1 };

/** Plays them by turns; the first is what the others are compared with. */
export async function measureVariants(
  variants: readonly RunnableVariant[],
  { count, rounds, say }: Measuring,
): Promise<VariantResult[]> {
  const beds = new Map<string, Bed>();
  try {
    for (const { name, engine, code } of variants) beds.set(name, await openBed(engine, 0, code));
    const load = { count, atOnce: CROWD };
    const cpu = new Map([...beds].map(([name, bed]) => [name, cpuMeter(bed)]));
    const bedOf = (name: string): Bed => {
      const bed = beds.get(name);
      if (bed === undefined) throw new Error(`no bed is open for ${name}`);
      return bed;
    };
    for (const { name, floor } of variants) await playRound(bedOf(name), floor, load, 'warm');
    const turns = variants.map(({ name, floor }) => {
      const turn = (round: number) => playRound(bedOf(name), floor, load, `round${round}`, cpu.get(name));
      return [name, turn] as const;
    });
    const results = await inRounds(rounds, Object.fromEntries(turns), (name, round, { webhook }) =>
      say(`round ${round + 1}, ${name}: ${rounded(webhook.perSecond)} a second`),
    );
    const shipped = results[variants[0]?.name ?? ''] ?? [];
    return variants.map((variant) => ({
      ...figuresOf(variant.name, results[variant.name] ?? [], shipped),
      ...floorOf(variant, variants, results),
      cpuMs: cpu.get(variant.name)?.perJob(count * rounds) ?? {},
      workerRssBytes: residentBytes(bedOf(variant.name).worker.pid),
    }));
  } finally {
    for (const bed of beds.values()) await bed.close();
  }
}

function cpuMeter({ worker, engine }: Bed): CpuMeter {
  const client = process.pid;
  return new CpuMeter({
    worker: worker.pid,
    client,
    ...(engine.pid === undefined ? {} : { engine: engine.pid }),
  });
}

async function playRound(
  bed: Bed,
  floor: Reference | undefined,
  load: { readonly count: number; readonly atOnce: number },
  run: string,
  cpu?: CpuMeter,
): Promise<Round> {
  const renders = () =>
    closedLoop(load, (index) =>
      bed.renders.render(keyOf(bed, run, index), CARD, { deadlineMs: DEADLINE_MS }),
    );
  const webhook = await (cpu === undefined ? renders() : cpu.during(renders));
  return {
    webhook,
    submit: await closedLoop(SUBMISSIONS, (index) =>
      bed.renders.submitOnce(keyOf(bed, `submit-${run}`, index), CARD),
    ),
    barePost: await closedLoop(SUBMISSIONS, () => bed.fake.post(CARD)),
    floor: floor && (await closedLoop(load, (index) => floor.execute(keyOf(bed, `floor-${run}`, index)))),
  };
}

/** Each bed has a task queue of its own. */
function keyOf({ env }: Bed, run: string, index: number): string {
  return `${env['RENDERONCE_TASK_QUEUE'] ?? ''}-${run}-${index}`;
}

function figuresOf(name: string, rounds: readonly Round[], shipped: readonly Round[]) {
  const rates = (of: readonly Round[]): number[] => of.map(({ webhook }) => webhook.perSecond);
  const middle = (of: (round: Round) => LoopResult): number =>
    rounded(median(rounds.flatMap((round) => of(round).latenciesMs)));
  return {
    name,
    perSecond: rounded(median(rates(rounds))),
    toShipped: medianRatio(rates(rounds), rates(shipped)),
    submitMs: middle(({ submit }) => submit),
    barePostMs: middle(({ barePost }) => barePost),
  };
}

/** The floor of the variant's engine, if it was measured. */
function floorOf(
  { engine }: RunnableVariant,
  variants: readonly RunnableVariant[],
  results: Readonly<Record<string, readonly Round[]>>,
): { readonly floorPerSecond?: number } {
  const measured = variants.find((each) => each.engine === engine && each.floor !== undefined);
  const rates = (results[measured?.name ?? ''] ?? []).flatMap(({ floor }) =>
    floor === undefined ? [] : [floor.perSecond],
  );
  return rates.length === 0 ? {} : { floorPerSecond: rounded(median(rates)) };
}

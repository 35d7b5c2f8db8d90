/**
 * `npm run bench:promises [-- --count 600 --rounds 4]`: the ceiling, the ceiling with the work of one promise and of all
 * three, and renderonce, in turns on one engine. The webhook comes after 3 s, and 250 callers call. Prints a table.
 */
import { parseArgs } from 'node:util';
import { type Bed, openBed } from './bed.js';
import { type BenchEngine, openEngine } from './engine.js';
import { closedLoop, type LoopResult, steadyLoop } from './measure/closed-loop.js';
import { CpuMeter } from './measure/cpu.js';
import { inRounds } from './measure/rounds.js';
import { median, medianRatio, rounded, sum } from './measure/statistics.js';
import { CARD } from './movies.js';
import { numberOf } from './options.js';
import { DEADLINE_MS, FULL } from './plan.js';
import { type Ceiling, type Guard, openCeiling } from './references.js';
import { withLateWebhooks } from './workloads/late-webhooks.js';

const CEILING = 'the ceiling';
const OURS = 'renderonce';
const GUARDED: Readonly<Record<string, readonly Guard[]>> = {
  'with the fence': ['fence'],
  'with the state in the index': ['state'],
  'with the safety check': ['check'],
  'with all three': ['fence', 'state', 'check'],
};
const WARM_UP = { count: 200, atOnce: 20 };

/** Runs job number `index` of a load. */
type Job = (id: string, index: number) => Promise<unknown>;

interface Measuring {
  readonly count: number;
  readonly rounds: number;
}

const { values } = parseArgs({ options: { count: { type: 'string' }, rounds: { type: 'string' } } });
const measuring: Measuring = {
  count: numberOf('--count', values.count, { least: 1 }) ?? FULL.webhook3s.count,
  rounds: numberOf('--rounds', values.rounds, { least: 1 }) ?? FULL.rounds,
};
const engine = await openEngine('memory');
try {
  const bed = await openBed(engine, 0);
  const ceiling = await openCeiling(engine, bed.fake, { isGuarded: true });
  try {
    process.stdout.write(`${await tableOf({ engine, bed, ceiling }, measuring)}\n`);
  } finally {
    await ceiling.close();
    await bed.close();
  }
} finally {
  await engine.close();
}

interface Parts {
  readonly engine: BenchEngine;
  readonly bed: Bed;
  readonly ceiling: Ceiling;
}

async function tableOf(parts: Parts, { count, rounds }: Measuring): Promise<string> {
  const run = Date.now().toString(36);
  const jobs = jobsOf(parts);
  for (const job of Object.values(jobs)) await closedLoop(WARM_UP, (index) => job(`${run}-warm`, index));
  const meters = new Map(Object.keys(jobs).map((name) => [name, meterOf(name, parts)]));
  const load = { count, atOnce: FULL.webhook3s.atOnce };
  const turns = Object.entries(jobs).map(([name, job]) => {
    const late = (round: number) =>
      withLateWebhooks(parts.bed, () => steadyLoop(load, (index) => job(`${run}-${round}`, index)));
    const turn = (round: number) => meters.get(name)?.during(() => late(round)) ?? late(round);
    return [name, turn] as const;
  });
  const results = await inRounds(rounds, Object.fromEntries(turns), (name, round, { perSecond }) =>
    process.stderr.write(`round ${round + 1}, ${name}: ${rounded(perSecond)} a second\n`),
  );
  return [
    '| a render | renders a second | × the ceiling | processor time of all processes | engine | worker |',
    '| --- | --- | --- | --- | --- | --- |',
    ...Object.keys(jobs).map((name) => rowOf(name, results, meters.get(name)?.perJob(count * rounds) ?? {})),
  ].join('\n');
}

function jobsOf({ bed, ceiling }: Parts): Readonly<Record<string, Job>> {
  const guarded = Object.entries(GUARDED).map(([name, guards], number): [string, Job] => {
    const chosen = Object.fromEntries(guards.map((guard) => [guard, true]));
    return [name, (id, index) => ceiling.execute(`${id}-guarded${number}-${index}`, chosen)];
  });
  return {
    [CEILING]: (id, index) => ceiling.execute(`${id}-ceiling-${index}`),
    ...Object.fromEntries(guarded),
    [OURS]: (id, index) => bed.renders.render(`${id}-ours-${index}`, CARD, { deadlineMs: DEADLINE_MS }),
  };
}

function meterOf(name: string, { engine: { pid }, bed, ceiling }: Parts): CpuMeter {
  const worker = name === OURS ? bed.worker.pid : ceiling.pid;
  const receiver = name === OURS ? bed.receiver.pid : ceiling.receiver;
  const provider = bed.fake.process.pid;
  const all = { client: process.pid, worker, receiver, provider };
  return new CpuMeter(pid === undefined ? all : { ...all, engine: pid });
}

function rowOf(
  name: string,
  results: Readonly<Record<string, readonly LoopResult[]>>,
  cpuMs: Readonly<Record<string, number>>,
): string {
  const rates = (of: string): number[] => (results[of] ?? []).map(({ perSecond }) => perSecond);
  return `| ${name} | ${rounded(median(rates(name)))} | ${medianRatio(rates(name), rates(CEILING))} | ${ms(sum(Object.values(cpuMs)))} | ${ms(cpuMs['engine'])} | ${ms(cpuMs['worker'])} |`;
}

function ms(value: number | undefined): string {
  return `${(value ?? Number.NaN).toFixed(1)} ms`;
}

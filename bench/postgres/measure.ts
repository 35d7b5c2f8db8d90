import { setTimeout as pause } from 'node:timers/promises';
import { type Bed, openBed } from '../bed.js';
import { type BenchEngine, openEngine } from '../engine.js';
import { closedLoop, type LoopResult, steadyLoop } from '../measure/closed-loop.js';
import { CpuMeter } from '../measure/cpu.js';
import { medianCost, type RunCost } from '../measure/history.js';
import { residentBytes } from '../measure/memory.js';
import { inRounds } from '../measure/rounds.js';
import { median, medianRatio, rounded } from '../measure/statistics.js';
import { CARD } from '../movies.js';
import { DEADLINE_MS, type Plan } from '../plan.js';
import { runCommand, startCommand } from '../processes.js';
import { openFloor, type Reference } from '../references.js';
import { withLateWebhooks } from '../workloads/late-webhooks.js';
import { startPostgresEngine } from '../../test/support/cluster/postgres-engine.js';

/** An engine with workers: the dev server on a file, or a server on Postgres with so many history shards. */
export type Installation = { readonly workers: number } & (
  { readonly store: 'file' } | { readonly shards: number }
);

/** The figures of one installation; rates and times are medians of the rounds. */
export interface InstallationResult {
  readonly name: string;
  readonly floorPerSecond: number;
  readonly atOncePerSecond: number;
  readonly after3sPerSecond: number;
  readonly after3sToFloor: number;
  readonly submitMs: number;
  readonly barePostMs: number;
  /** Processor time of the server for one render whose webhook comes at once, without that of Postgres. */
  readonly serverMs: number;
  readonly cost: RunCost;
  /** Share of a processor that the server takes while nothing happens; without that of Postgres. */
  readonly idleShare: number;
  readonly serverRssBytes: number;
}

interface Opened {
  readonly name: string;
  readonly bed: Bed;
  readonly floor: Reference;
  readonly serverPid: number;
  /** Of the server, while renders whose webhook comes at once are played. */
  readonly cpu: CpuMeter;
}

interface Round {
  readonly floor: LoopResult;
  readonly atOnce: LoopResult;
  readonly after3s: LoopResult;
  readonly submit: LoopResult;
  readonly barePost: LoopResult;
}

const IDLE_MS = 20_000;

/** Opens all installations, measures them in turns, and stops them. Installations of one engine share it. */
export async function measureInstallations(
  installations: readonly Installation[],
  plan: Plan,
  say: (line: string) => void,
): Promise<readonly InstallationResult[]> {
  const closers: (() => Promise<void>)[] = [];
  const onClose = (close: () => Promise<void>): void => void closers.unshift(close);
  try {
    const engines = new Map<string, BenchEngine>();
    const opened: Opened[] = [];
    for (const installation of installations) {
      const kind = kindOf(installation);
      const engine = engines.get(kind) ?? (await openInstallation(installation, onClose, say));
      engines.set(kind, engine);
      opened.push(
        await openWorkers(`${kind}, workers: ${installation.workers}`, engine, installation, onClose),
      );
    }
    return await measureOpened(opened, plan, say);
  } finally {
    for (const close of closers) await close();
  }
}

function kindOf(installation: Installation): string {
  return 'store' in installation ? 'dev server, file' : `Postgres, ${installation.shards} shards`;
}

async function openInstallation(
  installation: Installation,
  onClose: (close: () => Promise<void>) => void,
  say: (line: string) => void,
): Promise<BenchEngine> {
  if ('store' in installation) {
    const engine = await openEngine(installation.store);
    onClose(() => engine.close());
    return engine;
  }
  const { shards } = installation;
  const { address, servers, ...started } = await startPostgresEngine({ shards, say });
  onClose(() => started.stop());
  await runCommand(['setup'], { TEMPORAL_ADDRESS: address });
  const engine = await openEngine(address);
  onClose(() => engine.close());
  return { ...engine, ...(servers[0] === undefined ? {} : { pid: servers[0].pid }) };
}

async function openWorkers(
  name: string,
  engine: BenchEngine,
  { workers }: Installation,
  onClose: (close: () => Promise<void>) => void,
): Promise<Opened> {
  const floor = await openFloor(engine, workers);
  onClose(() => floor.close());
  const bed = await openBed(engine, 0);
  onClose(() => bed.close());
  for (let more = 1; more < workers; more += 1) {
    const worker = await startCommand(['worker'], bed.env);
    onClose(() => worker.stop());
  }
  const serverPid = engine.pid ?? 0;
  return { name, bed, floor, serverPid, cpu: new CpuMeter({ server: serverPid }) };
}

async function measureOpened(
  opened: readonly Opened[],
  plan: Plan,
  say: (line: string) => void,
): Promise<readonly InstallationResult[]> {
  say('idle');
  const idle = await Promise.all(opened.map(({ serverPid }) => idleShare(serverPid)));
  for (const each of opened) {
    const cpu = new CpuMeter({});
    await playRound({ ...each, cpu }, { ...plan, webhook3s: plan.webhook }, 'warm');
  }
  const turns = opened.map(
    (each) => [each.name, (round: number) => playRound(each, plan, `${round}`)] as const,
  );
  const results = await inRounds(plan.rounds, Object.fromEntries(turns), (name, round, { after3s }) =>
    say(`round ${round + 1}, ${name}: ${rounded(after3s.perSecond)} a second`),
  );
  const figures = opened.map(async ({ name, bed, serverPid, cpu }, index) => ({
    name,
    ...figuresOf(results[name] ?? []),
    serverMs: rounded(cpu.perJob(plan.webhook.count * plan.rounds)['server'] ?? Number.NaN),
    cost: await medianCost(
      bed.engine.client,
      Array.from({ length: 20 }, (_, key) => keyOf(bed, 'after3s-0', key)),
    ),
    idleShare: idle[index] ?? Number.NaN,
    serverRssBytes: residentBytes(serverPid),
  }));
  return Promise.all(figures);
}

async function idleShare(serverPid: number): Promise<number> {
  const meter = new CpuMeter({ server: serverPid });
  await meter.during(() => pause(IDLE_MS));
  return rounded((meter.perJob(1)['server'] ?? Number.NaN) / IDLE_MS);
}

async function playRound({ bed, floor, cpu }: Opened, plan: Plan, run: string): Promise<Round> {
  const render = (name: string) => (index: number) =>
    bed.renders.render(keyOf(bed, `${name}-${run}`, index), CARD, { deadlineMs: DEADLINE_MS });
  const oneByOne = { count: plan.samples, atOnce: 1 };
  return {
    floor: await closedLoop(plan.floor, (index) => floor.execute(keyOf(bed, `floor-${run}`, index))),
    atOnce: await cpu.during(() => closedLoop(plan.webhook, render('atOnce'))),
    after3s: await withLateWebhooks(bed, () => steadyLoop(plan.webhook3s, render('after3s'))),
    submit: await closedLoop(oneByOne, (index) =>
      bed.renders.submitOnce(keyOf(bed, `submit-${run}`, index), CARD, { deadlineMs: DEADLINE_MS }),
    ),
    barePost: await closedLoop(oneByOne, () => bed.fake.post(CARD)),
  };
}

/** Each bed has a task queue of its own. */
function keyOf({ env }: Bed, run: string, index: number): string {
  return `${env['RENDERONCE_TASK_QUEUE'] ?? ''}-${run}-${index}`;
}

function figuresOf(rounds: readonly Round[]) {
  const rates = (of: (round: Round) => LoopResult): number[] => rounds.map((round) => of(round).perSecond);
  const middle = (of: (round: Round) => LoopResult): number =>
    rounded(median(rounds.flatMap((round) => of(round).latenciesMs)));
  return {
    floorPerSecond: rounded(median(rates(({ floor }) => floor))),
    atOncePerSecond: rounded(median(rates(({ atOnce }) => atOnce))),
    after3sPerSecond: rounded(median(rates(({ after3s }) => after3s))),
    after3sToFloor: medianRatio(
      rates(({ after3s }) => after3s),
      rates(({ floor }) => floor),
    ),
    submitMs: middle(({ submit }) => submit),
    barePostMs: middle(({ barePost }) => barePost),
  };
}

import type { Bed } from '../bed.js';
import { closedLoop, type LoopResult, steadyLoop } from '../measure/closed-loop.js';
import { CpuMeter } from '../measure/cpu.js';
import { RequestCounter } from '../measure/request-counter.js';
import { inRounds } from '../measure/rounds.js';
import { median, medianRatio, rounded, summary } from '../measure/statistics.js';
import { CARD } from '../movies.js';
import { DEADLINE_MS, type Plan } from '../plan.js';
import type { Ceiling, Reference } from '../references.js';
import { withLateWebhooks } from './late-webhooks.js';

/** What is measured in turns. */
interface Measured {
  readonly bed: Bed;
  readonly floor: Reference;
  readonly ceiling: Ceiling;
}

type Renders = 'webhook' | 'webhook3s' | 'polling';

/** Measures the rates of the workloads, in turns; every comparison is of the same round. */
export async function measureThroughput(
  { bed, floor, ceiling }: Measured,
  plan: Plan,
  run: string,
  say: (line: string) => void,
) {
  const requests = { webhook: new RequestCounter(bed.fake), polling: new RequestCounter(bed.fake) };
  const cpu = cpuMeters(bed, { floor, ceiling });
  const render = (wait: Renders, round: number) => (index: number) =>
    bed.renders.render(`${run}-${wait}-${round}-${index}`, CARD, {
      webhook: wait !== 'polling',
      deadlineMs: DEADLINE_MS,
    });
  const execute = (reference: Reference, name: string, round: number) => (index: number) =>
    reference.execute(`${run}-${name}-${round}-${index}`);
  const again = (index: number) => bed.renders.submitOnce(`${run}-warm-${index % plan.warmUps}`, CARD);
  await warmUp({ bed, floor, ceiling }, plan.warmUps, run);
  const turns = {
    floor: (round: number) => cpu.floor.during(() => closedLoop(plan.floor, execute(floor, 'floor', round))),
    ceiling: (round: number) => closedLoop(plan.webhook, execute(ceiling, 'ceiling', round)),
    webhook: (round: number) =>
      requests.webhook.during(() =>
        cpu.webhook.during(() => closedLoop(plan.webhook, render('webhook', round))),
      ),
    ceiling3s: (round: number) =>
      cpu.ceiling3s.during(() =>
        withLateWebhooks(bed, () => steadyLoop(plan.webhook3s, execute(ceiling, 'ceiling3s', round))),
      ),
    webhook3s: (round: number) =>
      cpu.webhook3s.during(() =>
        withLateWebhooks(bed, () => steadyLoop(plan.webhook3s, render('webhook3s', round))),
      ),
    polling: (round: number) =>
      requests.polling.during(() => closedLoop(plan.polling, render('polling', round))),
    dedupe: () => closedLoop(plan.dedupe, again),
  };
  const results = await inRounds(plan.rounds, turns, (name, round, { perSecond }) =>
    say(`round ${round + 1}, ${name}: ${rounded(perSecond)} a second`),
  );
  const jobs = (workload: 'floor' | Renders): number => plan[workload].count * plan.rounds;
  return {
    ...ratesOf(results),
    providerRequestsPerRender: requests.webhook.all(jobs('webhook')),
    requests: {
      webhook: requests.webhook.perJob(jobs('webhook')),
      polling: requests.polling.perJob(jobs('polling')),
    },
    cpuMs: {
      floor: cpu.floor.perJob(jobs('floor')),
      webhook: cpu.webhook.perJob(jobs('webhook')),
      webhook3s: cpu.webhook3s.perJob(jobs('webhook3s')),
      ceiling3s: cpu.ceiling3s.perJob(jobs('webhook3s')),
    },
  };
}

function cpuMeters({ engine, worker, receiver, fake }: Bed, references: Omit<Measured, 'bed'>) {
  const all = { client: process.pid, ...(engine.pid === undefined ? {} : { engine: engine.pid }) };
  const provider = fake.process.pid;
  const ours = { ...all, worker: worker.pid, receiver: receiver.pid, provider };
  return {
    floor: new CpuMeter({ ...all, worker: references.floor.pid }),
    webhook: new CpuMeter(ours),
    webhook3s: new CpuMeter(ours),
    ceiling3s: new CpuMeter({
      ...ours,
      worker: references.ceiling.pid,
      receiver: references.ceiling.receiver,
    }),
  };
}

async function warmUp({ bed, floor, ceiling }: Measured, count: number, run: string): Promise<void> {
  const load = { count, atOnce: 20 };
  await closedLoop(load, (index) => floor.execute(`${run}-floor-warm-${index}`));
  await closedLoop(load, (index) => ceiling.execute(`${run}-ceiling-warm-${index}`));
  await closedLoop(load, (index) =>
    bed.renders.render(`${run}-warm-${index}`, CARD, { deadlineMs: DEADLINE_MS }),
  );
}

function ratesOf(results: Readonly<Record<string, readonly LoopResult[]>>) {
  const rates = (name: string): number[] => (results[name] ?? []).map(({ perSecond }) => rounded(perSecond));
  const ratio = (ours: string, theirs: string): number => medianRatio(rates(ours), rates(theirs));
  return {
    floorPerSecond: median(rates('floor')),
    webhookPerSecond: median(rates('webhook')),
    webhookToFloor: ratio('webhook', 'floor'),
    webhookBesideCeiling: {
      ceilingPerSecond: median(rates('ceiling')),
      toCeiling: ratio('webhook', 'ceiling'),
    },
    webhook3s: {
      perSecond: median(rates('webhook3s')),
      toFloor: ratio('webhook3s', 'floor'),
      ceilingPerSecond: median(rates('ceiling3s')),
      toCeiling: ratio('webhook3s', 'ceiling3s'),
    },
    pollingPerSecond: median(rates('polling')),
    dedupePerSecond: median(rates('dedupe')),
    dedupeToFloor: ratio('dedupe', 'floor'),
    rounds: Object.fromEntries(
      Object.keys(results).map((name) => [name, { perSecond: rates(name), ...summary(rates(name)) }]),
    ),
    loadedMs: Object.fromEntries(
      Object.entries(results).map(([name, loops]) => [
        name,
        summary(loops.flatMap(({ latenciesMs }) => latenciesMs)),
      ]),
    ),
  };
}

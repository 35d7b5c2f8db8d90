import type { Bed, Floor } from '../bed.js';
import { closedLoop, type LoopResult } from '../measure/closed-loop.js';
import { CpuMeter } from '../measure/cpu.js';
import { RequestCounter } from '../measure/request-counter.js';
import { inRounds } from '../measure/rounds.js';
import { median, medianRatio, rounded, summary } from '../measure/statistics.js';
import { CARD } from '../movies.js';
import { DEADLINE_MS, type Plan } from '../plan.js';

/** Rates of the workloads, in turns; every comparison is of the same round. */
export async function measureThroughput(
  bed: Bed,
  floor: Floor,
  plan: Plan,
  run: string,
  say: (line: string) => void,
) {
  const requests = { webhook: new RequestCounter(bed.fake), polling: new RequestCounter(bed.fake) };
  const cpu = cpuMeters(bed, floor);
  const render = (wait: 'webhook' | 'polling', round: number): Promise<LoopResult> =>
    closedLoop(plan[wait], (index) =>
      bed.renders.render(`${run}-${wait}-${round}-${index}`, CARD, {
        webhook: wait === 'webhook',
        deadlineMs: DEADLINE_MS,
      }),
    );
  const execute = (round: number) => (index: number) => floor.execute(`${run}-floor-${round}-${index}`);
  const again = (index: number) => bed.renders.submitOnce(`${run}-warm-${index % plan.warmUps}`, CARD);
  await warmUp(bed, floor, plan.warmUps, run);
  const turns = {
    floor: (round: number) => cpu.floor.during(() => closedLoop(plan.floor, execute(round))),
    webhook: (round: number) =>
      requests.webhook.during(() => cpu.webhook.during(() => render('webhook', round))),
    polling: (round: number) => requests.polling.during(() => render('polling', round)),
    dedupe: () => closedLoop(plan.dedupe, again),
  };
  const results = await inRounds(plan.rounds, turns, (name, round, { perSecond }) =>
    say(`round ${round + 1}, ${name}: ${rounded(perSecond)} a second`),
  );
  const jobs = (workload: 'floor' | 'webhook' | 'polling'): number => plan[workload].count * plan.rounds;
  return {
    ...ratesOf(results),
    providerRequestsPerRender: requests.webhook.all(jobs('webhook')),
    requests: {
      webhook: requests.webhook.perJob(jobs('webhook')),
      polling: requests.polling.perJob(jobs('polling')),
    },
    cpuMs: { floor: cpu.floor.perJob(jobs('floor')), webhook: cpu.webhook.perJob(jobs('webhook')) },
  };
}

function cpuMeters({ engine, worker, receiver, fake }: Bed, floor: Floor) {
  const both = { client: process.pid, ...(engine.pid === undefined ? {} : { engine: engine.pid }) };
  return {
    floor: new CpuMeter({ ...both, worker: floor.pid }),
    webhook: new CpuMeter({
      ...both,
      worker: worker.pid,
      receiver: receiver.pid,
      provider: fake.process.pid,
    }),
  };
}

async function warmUp(bed: Bed, floor: Floor, count: number, run: string): Promise<void> {
  const load = { count, atOnce: 20 };
  await closedLoop(load, (index) => floor.execute(`${run}-floor-warm-${index}`));
  await closedLoop(load, (index) =>
    bed.renders.render(`${run}-warm-${index}`, CARD, { deadlineMs: DEADLINE_MS }),
  );
}

function ratesOf(results: Readonly<Record<string, readonly LoopResult[]>>) {
  const rates = (name: string): number[] => (results[name] ?? []).map(({ perSecond }) => rounded(perSecond));
  const names = Object.keys(results);
  return {
    floorPerSecond: median(rates('floor')),
    webhookPerSecond: median(rates('webhook')),
    webhookToFloor: medianRatio(rates('webhook'), rates('floor')),
    pollingPerSecond: median(rates('polling')),
    dedupePerSecond: median(rates('dedupe')),
    dedupeToFloor: medianRatio(rates('dedupe'), rates('floor')),
    rounds: Object.fromEntries(
      names.map((name) => [name, { perSecond: rates(name), ...summary(rates(name)) }]),
    ),
    loadedMs: Object.fromEntries(
      Object.entries(results).map(([name, loops]) => [
        name,
        summary(loops.flatMap(({ latenciesMs }) => latenciesMs)),
      ]),
    ),
  };
}

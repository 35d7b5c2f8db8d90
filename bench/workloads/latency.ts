import type { Bed } from '../bed.js';
import { closedLoop } from '../measure/closed-loop.js';
import { type Summary, summary } from '../measure/statistics.js';
import { CARD } from '../movies.js';
import { CROWD, DEADLINE_MS, type Plan } from '../plan.js';
import type { Reference } from '../references.js';

/** What a caller waits for: the floor, a bare POST, and ours. */
export interface Latencies {
  readonly floor: Summary;
  readonly barePost: Summary;
  readonly submitOnce: Summary;
}

type Calls = Readonly<Record<keyof Latencies, (id: string) => Promise<unknown>>>;

/** One caller, who makes each of the calls in turn; the render that a call starts is waited for before the next. */
export async function measureLatency(
  bed: Bed,
  floor: Reference,
  plan: Plan,
  run: string,
): Promise<Latencies> {
  const timesMs = { floor: [] as number[], barePost: [] as number[], submitOnce: [] as number[] };
  const calls = callsOf(bed, floor);
  for (let sample = 0; sample < plan.samples; sample += 1) {
    const id = `${run}-latency-${sample}`;
    timesMs.floor.push(await timed(() => calls.floor(id)));
    timesMs.barePost.push(await timed(() => calls.barePost(id)));
    timesMs.submitOnce.push(await timed(() => calls.submitOnce(id)));
    await bed.renders.result(id);
  }
  return summaries(timesMs);
}

/** Fifty callers who call at the same moment, each with a key of its own. */
export async function measureCrowd(bed: Bed, floor: Reference, plan: Plan, run: string): Promise<Latencies> {
  const timesMs = { floor: [] as number[], barePost: [] as number[], submitOnce: [] as number[] };
  const calls = callsOf(bed, floor);
  const everyOne = { count: CROWD, atOnce: CROWD };
  for (let crowd = 0; crowd < plan.crowds; crowd += 1) {
    const id = (index: number): string => `${run}-crowd-${crowd}-${index}`;
    for (const name of ['floor', 'barePost', 'submitOnce'] as const) {
      const { latenciesMs } = await closedLoop(everyOne, (index) => calls[name](id(index)));
      timesMs[name].push(...latenciesMs);
    }
    await closedLoop(everyOne, (index) => bed.renders.result(id(index)));
  }
  return summaries(timesMs);
}

function callsOf(bed: Bed, floor: Reference): Calls {
  return {
    floor: (id) => floor.execute(`floor-${id}`),
    barePost: () => bed.fake.post(CARD),
    submitOnce: (id) => bed.renders.submitOnce(id, CARD, { deadlineMs: DEADLINE_MS }),
  };
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await call();
  return performance.now() - startedMs;
}

function summaries(timesMs: Readonly<Record<keyof Latencies, readonly number[]>>): Latencies {
  return {
    floor: summary(timesMs.floor),
    barePost: summary(timesMs.barePost),
    submitOnce: summary(timesMs.submitOnce),
  };
}

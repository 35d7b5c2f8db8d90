import { setTimeout as pause } from 'node:timers/promises';
import { type Bed, openBed } from '../bed.js';
import type { BenchEngine } from '../engine.js';
import { closedLoop } from '../measure/closed-loop.js';
import { CpuMeter } from '../measure/cpu.js';
import { medianCost } from '../measure/history.js';
import { PeakMemory, residentBytes } from '../measure/memory.js';
import { rounded } from '../measure/statistics.js';
import { CARD } from '../movies.js';
import { CROWD, DEADLINE_MS, type Plan } from '../plan.js';

/** Many renders under way at once, and what became of them. */
export interface InFlight {
  readonly renders: number;
  /** While all were under way. */
  readonly workerRssBytes: number;
  readonly receiverRssBytes: number;
  /** The most that the worker took from the first submission to the last outcome. */
  readonly workerPeakRssBytes: number;
  readonly receiverPeakRssBytes: number;
  /** Of the same worker before the first of them. */
  readonly workerIdleRssBytes: number;
  readonly submittedPerSecond: number;
  /** All requests that the provider got while nothing was submitted and nothing ended: the safety net. */
  readonly requestsPerSecondWhileWaiting: number;
  /** Beside the movie, of one that is under way. */
  readonly historyBytesWaiting: number;
  readonly finishedPerSecond: number;
  /** Processor time of the worker for the end of one render, whose workflow it may have to read again from history. */
  readonly workerCpuMsPerEnd: number;
  /** Without an outcome `done`, or paid for more than once. */
  readonly lost: number;
}

/** Shorter than the 15 minutes after which the provider says `timeout`, and longer than submitting them all takes. */
const RENDER_SECONDS = 14 * 60;
/** How long it is watched what all of them cost while they wait. */
const WATCH_SECONDS = 60;
/** Ends are spread as the submissions were, and the last safety check comes five minutes after the one before. */
const FINISH_SECONDS = 15 * 60;

export async function measureInFlight(engine: BenchEngine, plan: Plan, run: string): Promise<InFlight> {
  const bed = await openBed(engine, RENDER_SECONDS);
  const [worker, receiver] = [new PeakMemory(bed.worker.pid), new PeakMemory(bed.receiver.pid)];
  const workerIdleRssBytes = worker.peakBytes;
  try {
    const keys = Array.from({ length: plan.inFlight }, (_, index) => `${run}-flight-${index}`);
    const startedMs = performance.now();
    const submitted = await closedLoop({ count: keys.length, atOnce: CROWD }, (index) =>
      bed.renders.submitOnce(`${run}-flight-${index}`, CARD, { deadlineMs: DEADLINE_MS }),
    );
    const waiting = await watch(bed, keys);
    const rss = { worker: residentBytes(bed.worker.pid), receiver: residentBytes(bed.receiver.pid) };
    // Each then ends as long after the others as it was submitted after them.
    await bed.fake.advance(Math.max(0, RENDER_SECONDS - (performance.now() - startedMs) / 1_000));
    const finished = await allFinished(bed, keys.length);
    return {
      renders: keys.length,
      workerRssBytes: rss.worker,
      receiverRssBytes: rss.receiver,
      workerPeakRssBytes: worker.stop(),
      receiverPeakRssBytes: receiver.stop(),
      workerIdleRssBytes,
      submittedPerSecond: rounded(submitted.perSecond),
      ...waiting,
      ...finished,
    };
  } finally {
    worker.stop();
    receiver.stop();
    await bed.close();
  }
}

async function watch(
  bed: Bed,
  keys: readonly string[],
): Promise<Pick<InFlight, 'requestsPerSecondWhileWaiting' | 'historyBytesWaiting'>> {
  await bed.fake.newRequests();
  await pause(WATCH_SECONDS * 1_000);
  const requests = await bed.fake.newRequests();
  const cost = await medianCost(bed.engine.client, keys.slice(0, 20));
  return {
    requestsPerSecondWhileWaiting: rounded(requests.length / WATCH_SECONDS),
    historyBytesWaiting: cost.historyBytes - Buffer.byteLength(JSON.stringify(CARD)),
  };
}

/** Waits until the engine shows an outcome for each, or for so long that those without one are lost. */
async function allFinished(
  bed: Bed,
  renders: number,
): Promise<Pick<InFlight, 'finishedPerSecond' | 'workerCpuMsPerEnd' | 'lost'>> {
  const cpu = new CpuMeter({ worker: bed.worker.pid });
  const { done, finishedPerSecond } = await cpu.during(() => untilAllDone(bed, renders));
  // The ledger knows what was paid for; a movie that no render knows, or a second one, is lost as well.
  const paid = (await bed.fake.movies()).length;
  const workerCpuMsPerEnd = cpu.perJob(renders)['worker'] ?? 0;
  return { finishedPerSecond, workerCpuMsPerEnd, lost: renders - done + Math.abs(paid - renders) };
}

async function untilAllDone(bed: Bed, renders: number): Promise<{ done: number; finishedPerSecond: number }> {
  const startedMs = performance.now();
  const elapsedSeconds = (): number => (performance.now() - startedMs) / 1_000;
  let done = 0;
  while (done < renders && elapsedSeconds() < FINISH_SECONDS) {
    await pause(2_000);
    const query = `TaskQueue = "${bed.env['RENDERONCE_TASK_QUEUE'] ?? ''}" AND RenderState = "done"`;
    done = (await bed.engine.client.workflow.count(query)).count;
  }
  return { done, finishedPerSecond: rounded(done / elapsedSeconds()) };
}

import { z } from 'zod';

const rate = z.number().positive();
const ratio = z.number().positive();
const ms = z.number().nonnegative();
const bytes = z.number().int().nonnegative();
const count = z.number().nonnegative();

const summary = z.strictObject({ p50: ms, p95: ms, count: z.number().int().positive() });
const round = z.strictObject({
  perSecond: z.array(rate),
  p50: rate,
  p95: rate,
  count: z.number().int().positive(),
});
const latencies = z.strictObject({ floor: summary, barePost: summary, submitOnce: summary });
const cost = z.strictObject({ events: count, historyBytes: z.number(), stateTransitions: count });

const cpuMs = z.record(z.string(), count);

/** Another way to the same job, as `bench/alternatives` measures it. */
const alternative = z.looseObject({
  perSecond: rate,
  submitMs: z.number().nonnegative(),
  requests: count,
  creditsUnderFaults: count,
});

/** Beside renders by hand, which only know the happy path (`bench/ceiling`). */
const besideCeiling = { ceilingPerSecond: rate, toCeiling: ratio };

const waits = z.strictObject({ alone: summary, loaded: summary });

/** `PUT` of the HTTP API beside `submitOnce`, measured in turns; the server is a process of its own. */
const httpApi = z.strictObject({
  putPerSecond: rate,
  submitOncePerSecond: rate,
  toSubmitOnce: ratio,
  putMs: waits,
  submitOnceMs: waits,
});

const inFlight = z.strictObject({
  renders: z.number().int().positive(),
  workerRssBytes: bytes,
  receiverRssBytes: bytes,
  workerPeakRssBytes: bytes,
  receiverPeakRssBytes: bytes,
  workerIdleRssBytes: bytes,
  submittedPerSecond: rate,
  requestsPerSecondWhileWaiting: count,
  historyBytesWaiting: z.number(),
  finishedPerSecond: rate,
  workerCpuMsPerEnd: count,
  lost: z.number().int().nonnegative(),
});

/** `bench/results.json`: what one run of the bench has measured. Rates are per second, times in milliseconds. */
export const resultsSchema = z.strictObject({
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.number().int().positive(),
    memoryGb: z.number().positive(),
    node: z.string(),
    sdk: z.string(),
    engine: z.string(),
    store: z.string(),
  }),
  date: z.iso.datetime(),
  /** A short run with small numbers, on a machine that need not be quiet. */
  quick: z.boolean(),
  /** Of the machine when the run began: beside it nothing should have been running. */
  loadAverage: count,
  floorPerSecond: rate,
  webhookPerSecond: rate,
  webhookToFloor: ratio,
  webhookBesideCeiling: z.strictObject(besideCeiling).optional(),
  /** The headline: the webhook comes 3 s after the submission. */
  webhook3s: z.strictObject({ perSecond: rate, toFloor: ratio, ...besideCeiling }).optional(),
  pollingPerSecond: rate,
  dedupePerSecond: rate,
  dedupeToFloor: ratio,
  submitOnceMs: summary,
  barePostMs: ms,
  floorMs: ms,
  webhookToOutcomeMs: summary,
  /** Results of before November 29, 2026 have none. */
  httpApi: httpApi.optional(),
  eventsPerRender: count,
  historyBytesPerRender: z.number(),
  providerRequestsPerRender: count,
  helpMs: ms,
  inFlight: inFlight.optional(),
  alternatives: z.record(z.string(), alternative),
  /** Every round of the rates, by workload. */
  rounds: z.record(z.string(), round),
  /** What a caller waited for while the rates were measured, by workload. */
  loadedMs: z.record(z.string(), summary),
  /** One caller; and fifty who call at the same moment. */
  latencyMs: z.strictObject({ alone: latencies, crowd: latencies }),
  requests: z.strictObject({
    webhook: z.record(z.string(), count),
    polling: z.record(z.string(), count),
  }),
  /** Processor time of each process for one job, in milliseconds. */
  cpuMs: z.strictObject({
    webhook: cpuMs,
    floor: cpuMs,
    webhook3s: cpuMs.optional(),
    ceiling3s: cpuMs.optional(),
  }),
  costs: z.strictObject({ webhook: cost, polling: cost, floor: cost }),
  startUpMs: z.strictObject({ worker: summary, receiver: summary, help: summary }),
  movies: z.record(
    z.string(),
    z.strictObject({
      perSecond: rate,
      submitOnceMs: summary,
      barePostMs: summary,
      historyBytes: z.number(),
    }),
  ),
});

export type Results = z.infer<typeof resultsSchema>;

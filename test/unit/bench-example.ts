import type { Results } from '../../bench/results.js';

const summary = (p50: number): { p50: number; p95: number; count: number } => ({
  p50,
  p95: p50 * 2,
  count: 20,
});
const latencies = { floor: summary(50), barePost: summary(5), submitOnce: summary(90) };
const round = (perSecond: number) => ({ perSecond: [perSecond], p50: perSecond, p95: perSecond, count: 1 });
const cost = { events: 21, historyBytes: 4_000, stateTransitions: 12 };

/** Results of a run that never was, in which every target is met. */
export const EXAMPLE: Results = {
  machine: {
    cpu: 'Some CPU',
    cores: 2,
    memoryGb: 8,
    node: 'v20.20.2',
    sdk: '@temporalio 1.24.0',
    engine: 'Temporal server 1.32.0',
    store: 'dev server, in memory',
  },
  date: '2026-11-24T12:00:00.000Z',
  quick: true,
  loadAverage: 0.1,
  floorPerSecond: 60,
  webhookPerSecond: 36,
  webhookToFloor: 0.6,
  webhookBesideCeiling: { ceilingPerSecond: 40, toCeiling: 0.9 },
  webhook3s: { perSecond: 37, toFloor: 0.62, ceilingPerSecond: 42, toCeiling: 0.88 },
  pollingPerSecond: 30,
  dedupePerSecond: 360,
  dedupeToFloor: 6,
  submitOnceMs: summary(90),
  barePostMs: 5,
  floorMs: 50,
  webhookToOutcomeMs: summary(30),
  httpApi: {
    putPerSecond: 36,
    submitOncePerSecond: 40,
    toSubmitOnce: 0.9,
    putMs: { alone: summary(95), loaded: summary(900) },
    submitOnceMs: { alone: summary(90), loaded: summary(800) },
  },
  eventsPerRender: 21,
  historyBytesPerRender: 4_000,
  providerRequestsPerRender: 2,
  helpMs: 90,
  alternatives: {},
  rounds: { floor: round(60), webhook: round(36), polling: round(30), dedupe: round(360) },
  loadedMs: { floor: summary(800) },
  latencyMs: { alone: latencies, crowd: latencies },
  requests: { webhook: { create: 1, status: 1 }, polling: { create: 1, status: 1 } },
  cpuMs: { webhook: { engine: 15, worker: 10, receiver: 1, client: 2, provider: 2 }, floor: { engine: 8 } },
  costs: { webhook: cost, polling: cost, floor: { events: 11, historyBytes: 1_500, stateTransitions: 7 } },
  startUpMs: { worker: summary(900), receiver: summary(400), help: summary(90) },
  movies: {
    '2 KB': { perSecond: 30, submitOnceMs: summary(95), barePostMs: summary(6), historyBytes: 4_100 },
  },
};

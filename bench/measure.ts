import { loadavg } from 'node:os';
import { measureAlternatives, prepareAlternatives } from './alternatives/index.js';
import { type Bed, openBed } from './bed.js';
import { type BenchEngine, openEngine } from './engine.js';
import { describeMachine } from './machine.js';
import type { BenchOptions } from './options.js';
import { type Ceiling, openCeiling, openFloor, type Reference } from './references.js';
import { type Results, resultsSchema } from './results.js';
import { measureFrugality } from './workloads/frugality.js';
import { measureHttpApi } from './workloads/http-api.js';
import { measureInFlight } from './workloads/in-flight.js';
import { measureCrowd, measureLatency } from './workloads/latency.js';
import { measureMovieSizes } from './workloads/movie-sizes.js';
import { measureStartUp } from './workloads/start-up.js';
import { measureThroughput } from './workloads/throughput.js';
import { measureWebhookToOutcome } from './workloads/webhook-to-outcome.js';

/** Starts what is needed, measures everything, and stops it; `say` is told what is under way. */
export async function measure(options: BenchOptions, say: (line: string) => void): Promise<Results> {
  const loadAverage = Number((loadavg()[0] ?? 0).toFixed(2));
  if (!options.quick) await prepareAlternatives(say);
  const engine = await openEngine(options.store);
  try {
    const machine = describeMachine(engine);
    say(Object.values(machine).join(', '));
    const measured = await measureOn(engine, options, say);
    const alternatives = options.quick ? {} : await measureAlternatives({ rounds: options.plan.rounds, say });
    const date = new Date().toISOString();
    const about = { machine, date, quick: options.quick, loadAverage };
    return resultsSchema.parse({ ...about, ...measured, alternatives });
  } finally {
    await engine.close();
  }
}

async function measureOn(engine: BenchEngine, options: BenchOptions, say: (line: string) => void) {
  // Keys of one run are of no other, also on an engine that remembers.
  const run = Date.now().toString(36);
  const floor = await openFloor(engine);
  const bed = await openBed(engine, 0);
  const ceiling = await openCeiling(engine, bed.fake);
  let beside;
  try {
    beside = await measureSmall(bed, { floor, ceiling }, options, run, say);
  } finally {
    await ceiling.close();
    await bed.close();
    await floor.close();
  }
  if (options.plan.inFlight === 0) return beside;
  say(`${options.plan.inFlight} renders in flight`);
  return { ...beside, inFlight: await measureInFlight(engine, options.plan, run) };
}

async function measureSmall(
  bed: Bed,
  { floor, ceiling }: { readonly floor: Reference; readonly ceiling: Ceiling },
  { plan }: BenchOptions,
  run: string,
  say: (line: string) => void,
) {
  say(`rates, ${plan.rounds} rounds`);
  const rates = await measureThroughput({ bed, floor, ceiling }, plan, run, say);
  say('latencies');
  const alone = await measureLatency(bed, floor, plan, run);
  const crowd = await measureCrowd(bed, floor, plan, run);
  const webhookToOutcomeMs = await measureWebhookToOutcome(bed, plan, run);
  const costs = await measureFrugality(bed, plan, run);
  say('the HTTP API');
  const httpApi = await measureHttpApi(bed, plan, run);
  say('movies of all sizes');
  const movies = await measureMovieSizes(bed, plan, run);
  say('start-up');
  const startUpMs = await measureStartUp(bed, plan);
  return {
    ...rates,
    costs,
    eventsPerRender: costs.webhook.events,
    historyBytesPerRender: costs.webhook.historyBytes,
    latencyMs: { alone, crowd },
    submitOnceMs: alone.submitOnce,
    barePostMs: alone.barePost.p50,
    floorMs: alone.floor.p50,
    webhookToOutcomeMs,
    httpApi,
    movies,
    startUpMs,
    helpMs: startUpMs.help.p50,
  };
}

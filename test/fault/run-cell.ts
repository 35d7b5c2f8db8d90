import { Aim, type CellKey } from './aim.js';
import { type Answer, Callers } from './callers.js';
import type { CrashCell } from './cell.js';
import { cellKeys, playCases } from './cell-keys.js';
import type { Sighting } from './check.js';
import { closeCell, type CellParts } from './close-cell.js';
import type { FaultStage } from './fault-stage.js';
import { startFaultyWorker } from './faulty-worker.js';
import { observe } from './observe.js';
import { WORKER_POINTS } from './points/index.js';
import { Starter } from './starter.js';
import { strikeStarter } from './strike-starter.js';
import { strike } from './strike.js';

export interface RunOptions {
  /** The folder of the compiled project that worker and starter run from; the project's own by default. */
  readonly dist?: string | undefined;
}

/** What a cell has seen, and when it was struck. */
export interface RunResult extends Sighting {
  readonly struckAtMs: number;
}

/** Faults are over; from then on a key has this long: two attempts in doubt, a look that died, two safety checks. */
const LIVENESS_MS = 300_000;

/** Plays one cell on a stage of which others play theirs; `id` begins all of its keys. Never throws for what the product did. */
export async function runCell(
  stage: FaultStage,
  cell: CrashCell,
  id: string,
  { dist }: RunOptions = {},
): Promise<RunResult> {
  const keys = cellKeys(id, cell);
  const parts: CellParts = { stage, keys, taskQueue: id, dist, workers: [], starters: [], proxies: [] };
  const fired: Record<string, readonly string[]> = {};
  let left: readonly string[] = [];
  let struckAtMs = 0;
  let answers: readonly Answer[] = [];
  try {
    const first = cell.point === 'start accepted, reply lost' ? strikeStarter : strikeWorker;
    const asking = await first(parts, cell, fired);
    struckAtMs = Date.now();
    answers = await settled(asking.callers, asking.answers);
  } finally {
    left = await closeCell(parts);
  }
  return { observed: await observe(stage, keys, answers), fired, left, struckAtMs };
}

/** Those who ask, and what they will have been told. */
export interface Asking {
  readonly callers: Callers;
  readonly answers: readonly Promise<Answer | undefined>[];
}

async function strikeWorker(
  parts: CellParts,
  { point: name, mode, then }: CrashCell,
  fired: Record<string, readonly string[]>,
): Promise<Asking> {
  if (name === 'start accepted, reply lost') throw new Error("that point is the starter's");
  const { stage, keys, taskQueue, dist } = parts;
  const point = WORKER_POINTS[name];
  const next = async (): Promise<Aim> => {
    const worker = await startFaultyWorker(stage, taskQueue, dist);
    parts.workers.push(worker);
    return new Aim(stage, worker, keys);
  };
  const starter = await Starter.start({ address: stage.engine.address, taskQueue, dist });
  parts.starters.push(starter);
  const aim = await next();
  await point.arm?.(aim);
  await playCases(stage, keys, name);
  const callers = new Callers(starter, point.submitTimeoutSeconds);
  const answers = keys.map((key) => callers.ask(key));
  const there = await point.reach(aim);
  fired[`${name} ${mode}`] = there;
  await strike(aim, mode, there, async () => {
    await next();
  });
  if (then !== undefined) throw new Error('not yet');
  return { callers, answers };
}

async function settled(
  callers: Callers,
  answers: readonly Promise<Answer | undefined>[],
): Promise<readonly Answer[]> {
  const timer = setTimeout(() => callers.stop(), LIVENESS_MS);
  try {
    const all = await Promise.all(answers);
    return all.filter((answer) => answer !== undefined);
  } finally {
    clearTimeout(timer);
  }
}

export type { CellKey };

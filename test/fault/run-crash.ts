import { Aim } from './aim.js';
import { Callers } from './callers.js';
import type { CrashCell } from './cell.js';
import { cellKeys, playCases } from './cell-keys.js';
import type { FaultStage } from './fault-stage.js';
import { type Asking, Play, playCell, type RunResult } from './play.js';
import { WORKER_POINTS } from './points/index.js';
import { LOOK_POINTS } from './points/look.js';
import { WAIT_POINTS } from './points/wait.js';
import { strikeStarter } from './strike-starter.js';
import { strike } from './strike.js';

/**
 * Plays one crash cell on a stage on which others play theirs. `id` begins all of its keys.
 *
 * @throws where the cell could not be played, above all where a barrier was not reached
 */
export function runCrash(stage: FaultStage, cell: CrashCell, id: string): Promise<RunResult> {
  const play = new Play(stage, cellKeys(id, cell.cases), id);
  const isOfStarter = cell.point === 'start accepted, reply lost';
  return playCell(play, () => (isOfStarter ? strikeStarter(play, cell) : strikeWorker(play, cell)));
}

/** All keys may be submitted, and submitted again, in the same moment of a busy machine. */
function usualSeconds(keys: number): number {
  return Math.max(10, keys + 2);
}

async function strikeWorker(play: Play, cell: CrashCell): Promise<Asking> {
  const { point: name, mode, second } = cell;
  if (name === 'start accepted, reply lost') throw new Error('that point is for a starter');
  const { stage, keys } = play;
  const point = WORKER_POINTS[name];
  const submitTimeoutSeconds = point.submitTimeoutSeconds?.(keys.length) ?? usualSeconds(keys.length);
  const callers = new Callers(await play.asked(cell.via), submitTimeoutSeconds);
  const aim = new Aim(stage, await play.startWorker(), keys);
  await point.arm?.(aim);
  if (second !== undefined && second.point in WAIT_POINTS) await aim.holdRenders();
  await playCases(stage, keys, name);
  const answers = keys.map((key) => callers.ask(key));
  const there = await point.reach(aim);
  play.note(`${name} ${mode}`, there);
  await strike(aim, mode, there, () => takeOver(play, aim, second));
  if (second !== undefined) {
    const again = await WORKER_POINTS[second.point].reach(aim);
    play.note(`then ${second.point} ${second.mode}`, again);
    await strike(aim, second.mode, again, () => takeOver(play, aim, undefined));
  }
  // Whom a barrier has not met yet, it would hold up later, and with it the worker's end.
  await aim.lift();
  return { callers, answers };
}

/** Starts the next worker, and puts the barriers for the next crash up, if there is to be one. */
async function takeOver(play: Play, aim: Aim, second: CrashCell['second']): Promise<void> {
  if (second === undefined) {
    await aim.releaseRenders();
    return play.startSafeWorker();
  }
  aim.retarget(await play.startWorker());
  // What these put up beside the barrier belongs to a first crash.
  if (!(second.point in LOOK_POINTS)) await WORKER_POINTS[second.point].arm?.(aim);
}

import type { Bed } from '../bed.js';
import { inRounds } from '../measure/rounds.js';
import { type Summary, summary } from '../measure/statistics.js';
import type { Plan } from '../plan.js';
import { startCommand, timeCommand } from '../processes.js';

/** From the start of a process until it serves, or has said what it was asked for. */
export interface StartUp {
  readonly worker: Summary;
  readonly receiver: Summary;
  readonly help: Summary;
}

export async function measureStartUp(bed: Bed, plan: Plan): Promise<StartUp> {
  const serving = async (args: readonly string[]): Promise<number> => {
    const started = await startCommand(args, bed.env);
    await started.stop();
    return started.startUpMs;
  };
  const {
    worker = [],
    receiver = [],
    help = [],
  } = await inRounds(plan.startUps, {
    // On a task queue of its own it would start no faster, and here it takes no work: there is none now.
    worker: () => serving(['worker']),
    receiver: () => serving(['receiver', '--port', '0']),
    help: () => timeCommand(['--help']),
  });
  return { worker: summary(worker), receiver: summary(receiver), help: summary(help) };
}

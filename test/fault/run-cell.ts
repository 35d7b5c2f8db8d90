import type { CrashCell } from './cell.js';
import { nameOfCrash } from './cell.js';
import { type FaultStage, openFaultStage } from './fault-stage.js';
import type { RunResult } from './play.js';
import { type CallersCell, runCallers } from './run-callers.js';
import { runCrash } from './run-crash.js';
import { runEngineKill } from './run-engine.js';
import { type HttpCell, runHttp } from './run-http.js';
import { type ReceiverCell, runReceiver } from './run-receiver.js';

/** One experiment. All of it is in here, so that a cell which failed can be written down and run again. */
export type Cell =
  | ({ readonly kind: 'crash' } & CrashCell)
  | ({ readonly kind: 'http' } & HttpCell)
  | ({ readonly kind: 'callers' } & CallersCell)
  | ({ readonly kind: 'receiver' } & ReceiverCell)
  | { readonly kind: 'engine' };

export function nameOf(cell: Cell): string {
  switch (cell.kind) {
    case 'crash':
      return nameOfCrash(cell);
    case 'http':
      return `every HTTP fault on ${cell.call}`;
    case 'callers':
      return `${cell.callers} callers, ${cell.keys} keys${cell.via === 'http' ? ', half of them over HTTP' : ''}`;
    case 'receiver':
      return `receiver away ${cell.mode}`;
    case 'engine':
      return 'engine killed, all states';
  }
}

/**
 * Plays one cell on a stage on which others play theirs; `id` begins all of its keys. What it saw is for `checkCell`.
 *
 * @throws where the cell could not be played, above all where a barrier was not reached
 */
export async function runCell(stage: FaultStage, cell: Cell, id: string): Promise<RunResult> {
  switch (cell.kind) {
    case 'crash':
      return runCrash(stage, cell, id);
    case 'http':
      return runHttp(stage, cell, id);
    case 'callers':
      return runCallers(stage, cell, id);
    case 'receiver':
      return runReceiver(stage, cell, id);
    case 'engine':
      return onOwnStage(stage, (own) => runEngineKill(own, id));
  }
}

/** An engine that is killed must be nobody else's. */
async function onOwnStage<T>({ isHosting }: FaultStage, act: (own: FaultStage) => Promise<T>): Promise<T> {
  const own = await openFaultStage({ engine: 'disk', isHosting });
  try {
    return await act(own);
  } finally {
    await own.close();
  }
}

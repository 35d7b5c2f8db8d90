import { until } from '../support/until.js';
import type { Aim, CellKey } from './aim.js';
import type { Mode } from './cell.js';
import { hasMovedOn, type RunView, viewOf } from './engine-view.js';

/** A worker would finish what it does before it ends; it is given this long. */
const TOO_SHORT_A_GRACE_MS = 200;

/** The longest that the engine waits for a silent worker: a look's heartbeat, and some. */
const GIVEN_UP_MS = 120_000;

const ASK_EVERY_MS = 500;

/** SIGTERM, and SIGKILL before it can have finished. */
async function terminate(process: Aim['worker']['process']): Promise<void> {
  process.kill('SIGTERM');
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise((resolve) => {
    timer = setTimeout(resolve, TOO_SHORT_A_GRACE_MS);
  });
  await Promise.race([process.exit, grace]);
  clearTimeout(timer);
  process.kill('SIGKILL');
}

/**
 * Strikes the worker at which `aim` points; `replace` starts another. A stopped one goes on when the engine has
 * given up on it and another has gone on with every key; only then the bytes that it had on the way go on, too.
 */
export async function strike(
  aim: Aim,
  mode: Mode,
  there: readonly CellKey[],
  replace: () => Promise<void>,
): Promise<void> {
  const { worker, stage } = aim;
  if (mode === 'stop') {
    worker.process.kill('SIGSTOP');
    const before = new Map<string, RunView | undefined>();
    for (const { key } of there) before.set(key, await viewOf(stage.client, key));
    await replace();
    const isOver = async ({ key }: CellKey): Promise<boolean> =>
      hasMovedOn(before.get(key), await viewOf(stage.client, key));
    await until(
      'the engine has given the stopped worker up',
      async () => (await Promise.all(there.map(isOver))).every(Boolean),
      GIVEN_UP_MS,
      ASK_EVERY_MS,
    );
    worker.open();
    await aim.lift();
    worker.process.kill('SIGCONT');
    return;
  }
  if (mode === 'term') await terminate(worker.process);
  else worker.process.kill('SIGKILL');
  await worker.close();
  await replace();
}

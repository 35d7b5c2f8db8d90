import { until } from '../support/until.js';
import { Callers, answerOf } from './callers.js';
import type { CrashCell } from './cell.js';
import { playCases } from './cell-keys.js';
import type { CellParts } from './close-cell.js';
import { viewOf } from './engine-view.js';
import { startFaultyWorker } from './faulty-worker.js';
import type { Asking } from './run-cell.js';
import { Starter } from './starter.js';
import { openTcpProxy } from './tcp-proxy.js';

/**
 * The starter is struck when the engine has accepted all starts and no reply has reached it: no worker is up yet that
 * could answer, and the line back is held.
 */
export async function strikeStarter(
  parts: CellParts,
  { point, mode }: CrashCell,
  fired: Record<string, readonly string[]>,
): Promise<Asking> {
  const { stage, keys, taskQueue, dist } = parts;
  const proxy = await openTcpProxy(Number(stage.engine.address.split(':')[1]));
  parts.proxies.push(proxy);
  const start = async (address: string): Promise<Starter> => {
    const starter = await Starter.start({ address, taskQueue, dist });
    parts.starters.push(starter);
    return starter;
  };
  const struck = await start(`127.0.0.1:${proxy.port}`);
  await playCases(stage, keys, point);
  proxy.replies.hold();
  const first = new Callers(struck);
  const called = keys.map((key) => first.callOnce(key));
  await until('all starts are accepted', async () => {
    const views = await Promise.all(keys.map(({ key }) => viewOf(stage.client, key)));
    return views.every((view) => view !== undefined);
  });
  fired[`${point} ${mode}`] = keys.map(({ key }) => key);
  struck.kill({ kill: 'SIGKILL', term: 'SIGTERM', stop: 'SIGSTOP' }[mode] as NodeJS.Signals);
  const callers = new Callers(await start(stage.engine.address));
  parts.workers.push(await startFaultyWorker(stage, taskQueue, dist));
  const answers = keys.map((key) => callers.ask(key));
  if (mode !== 'stop') return { callers, answers };
  // It goes on when others were told, long after its own deadline.
  await Promise.race(answers);
  proxy.open();
  struck.kill('SIGCONT');
  const late = keys.map(async ({ key }, index) => answerOf(key, (await called[index]) ?? { gone: true }));
  return { callers, answers: [...answers, ...late] };
}

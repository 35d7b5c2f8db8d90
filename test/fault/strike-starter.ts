import { until } from '../support/until.js';
import { answerOf, Callers } from './callers.js';
import { type CrashCell, SIGNALS } from './cell.js';
import { playCases } from './cell-keys.js';
import { viewOf } from './engine-view.js';
import type { Asking, Play } from './play.js';
import type { Asked } from './starter.js';
import { openTcpProxy } from './tcp-proxy.js';

/**
 * The starter, or the HTTP server, is struck when the engine has accepted all starts and no reply has reached it: no worker is up yet that
 * could answer; then the line back is held.
 */
export async function strikeStarter(play: Play, { point, mode, via }: CrashCell): Promise<Asking> {
  const { stage, keys } = play;
  const proxy = await openTcpProxy(Number(stage.engine.address.split(':')[1]));
  play.parts.proxies.push(proxy);
  const struck = await startStruck(play, `127.0.0.1:${proxy.port}`, via);
  await playCases(stage, keys, point);
  const first = new Callers(struck.asked);
  const called = keys.map((key) => first.callOnce(key));
  await until('all starts are accepted', async () => {
    const views = await Promise.all(keys.map(({ key }) => viewOf(stage.client, key)));
    return views.every((view) => view !== undefined);
  });
  // Not before: what is sent needs the engine's word on how much it takes.
  proxy.replies.hold();
  play.note(`${point} ${mode}`, keys);
  struck.kill(SIGNALS[mode]);
  const callers = new Callers(await play.asked(via));
  await play.startSafeWorker();
  const answers = keys.map((key) => callers.ask(key));
  if (mode !== 'stop') return { callers, answers };
  // It goes on when others were told, long after its own deadline.
  await Promise.race(answers);
  proxy.open();
  struck.kill('SIGCONT');
  const late = keys.map(async ({ key }, index) => answerOf(key, (await called[index]) ?? { gone: true }));
  return { callers, answers: [...answers, ...late] };
}

/** Starts the process that is to be struck. */
async function startStruck(
  play: Play,
  address: string,
  via: CrashCell['via'],
): Promise<{ readonly asked: Asked; kill(signal: NodeJS.Signals): void }> {
  if (via === 'http') {
    const server = await play.startServer(address);
    return { asked: play.httpCaller(() => server), kill: (signal) => server.kill(signal) };
  }
  const starter = await play.startStarter(address);
  return { asked: starter.on(play.taskQueue), kill: (signal) => starter.kill(signal) };
}

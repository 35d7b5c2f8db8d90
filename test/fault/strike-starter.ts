import { until } from '../support/until.js';
import { answerOf, Callers } from './callers.js';
import { type CrashCell, SIGNALS } from './cell.js';
import { playCases } from './cell-keys.js';
import { viewOf } from './engine-view.js';
import type { Asking, Play } from './play.js';
import { openTcpProxy } from './tcp-proxy.js';

/**
 * The starter is struck when the engine has accepted all starts and no reply has reached it: no worker is up yet that
 * could answer; then the line back is held.
 */
export async function strikeStarter(play: Play, { point, mode }: CrashCell): Promise<Asking> {
  const { stage, keys } = play;
  const proxy = await openTcpProxy(Number(stage.engine.address.split(':')[1]));
  play.parts.proxies.push(proxy);
  const struck = await play.startStarter(`127.0.0.1:${proxy.port}`);
  await playCases(stage, keys, point);
  const first = new Callers(struck.on(play.taskQueue));
  const called = keys.map((key) => first.callOnce(key));
  await until('all starts are accepted', async () => {
    const views = await Promise.all(keys.map(({ key }) => viewOf(stage.client, key)));
    return views.every((view) => view !== undefined);
  });
  // Not before: what is sent needs the engine's word on how much it takes.
  proxy.replies.hold();
  play.note(`${point} ${mode}`, keys);
  struck.kill(SIGNALS[mode]);
  const callers = new Callers(await play.backend());
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

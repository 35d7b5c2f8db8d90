import { lastingPort } from '../support/lasting-port.js';
import { Aim } from './aim.js';
import { Callers } from './callers.js';
import { type Mode, OUTCOMES, SIGNALS } from './cell.js';
import { cellKeys, playCases } from './cell-keys.js';
import type { FaultStage } from './fault-stage.js';
import { Play, playCell, type RunResult } from './play.js';
import { WAIT_POINTS } from './points/wait.js';

/** A receiver is struck, and the webhooks of all keys come while it is away. */
export interface ReceiverCell {
  readonly mode: Mode;
  /** So many keys of each outcome, 1 by default. */
  readonly keysOfEach?: number;
}

/** Plays a receiver's crash: what it misses, the safety checks find. */
export function runReceiver(
  stage: FaultStage,
  { mode, keysOfEach = 1 }: ReceiverCell,
  id: string,
): Promise<RunResult> {
  const each = OUTCOMES.map((outcome) => ({ wait: 'webhook', outcome, resubmissions: 1 }) as const);
  const cases = Array.from({ length: keysOfEach }, () => each).flat();
  const play = new Play(stage, cellKeys(id, cases), id);
  const { keys } = play;
  return playCell(play, async () => {
    const port = await lastingPort();
    const receiver = await play.startReceiver(port);
    const url = String(receiver.said['url']);
    const aim = new Aim(stage, await play.startWorker({ RENDERONCE_WEBHOOK_URL: url }), keys);
    await aim.holdRenders();
    await playCases(stage, keys, 'poll waiting');
    const callers = new Callers(await play.backend());
    const answers = keys.map((key) => callers.ask(key));
    await WAIT_POINTS['poll waiting'].reach(aim);
    receiver.kill(SIGNALS[mode]);
    if (mode !== 'stop') await receiver.exit;
    await aim.releaseRenders();
    const missed = await aim.gather('a webhook finds nobody', async (key) => {
      const [movie] = await stage.fake.movies(key);
      return movie?.webhooks.some(({ status }) => status === null) === true;
    });
    play.note(`receiver away ${mode}`, missed);
    if (mode === 'stop') receiver.kill('SIGCONT');
    else await play.startReceiver(port);
    return { callers, answers };
  });
}

import type { ExampleReceiver } from '../support/receivers.js';

/** The receiver lives so long, in a short storm for less, and is away for so long. */
const ALIVE_MS = { most: 4_000, ofAnEvent: 10 };
const AWAY_MS = 300;

/** Kills a receiver by SIGKILL and starts it again, until the signal. Returns the number of kills. */
export async function killAgainAndAgain(
  receiver: ExampleReceiver,
  events: number,
  signal: AbortSignal,
): Promise<number> {
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const aliveMs = Math.min(ALIVE_MS.most, events * ALIVE_MS.ofAnEvent);
  let kills = 0;
  for (;;) {
    await pause(aliveMs);
    if (signal.aborted) return kills;
    await receiver.kill();
    kills += 1;
    await pause(AWAY_MS);
    await receiver.start();
  }
}

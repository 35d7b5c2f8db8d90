import type { FakeClient } from '../fake-client.js';
import { closedLoop } from '../measure/closed-loop.js';
import type { Alternative } from './alternative.js';

/** One turn without faults. */
export interface CalmTurn {
  /** Renders from the first call to the video, a second. */
  readonly perSecond: number;
  /** From the call until the project is known: one caller, call after call. */
  readonly submitMs: readonly number[];
  /** Of the provider, for one render. */
  readonly requests: number;
}

export interface CalmLoad {
  /** Renders of a turn, and how many callers ask for them. */
  readonly count: number;
  readonly atOnce: number;
  /** Calls whose latency is taken. */
  readonly samples: number;
}

/** @param prefix of keys that nobody has used */
export async function measureCalm(
  { submit, result }: Alternative,
  provider: FakeClient,
  { movie, prefix, load }: { readonly movie: object; readonly prefix: string; readonly load: CalmLoad },
): Promise<CalmTurn> {
  await provider.newRequests();
  const { perSecond } = await closedLoop(load, async (index) => {
    const key = `${prefix}-${index}`;
    await submit(key, movie);
    await result(key);
  });
  const requests = (await provider.newRequests()).length / load.count;
  const alone = { count: load.samples, atOnce: 1 };
  const { latenciesMs } = await closedLoop(alone, (index) => submit(`${prefix}-alone-${index}`, movie));
  // What they started has ended before the next turn begins.
  await Promise.all(latenciesMs.map((_, index) => result(`${prefix}-alone-${index}`)));
  return { perSecond, submitMs: latenciesMs, requests };
}

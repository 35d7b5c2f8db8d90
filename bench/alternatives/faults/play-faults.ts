import { setTimeout as pause } from 'node:timers/promises';
import type { FakeClient } from '../../fake-client.js';
import type { Alternative } from '../alternative.js';
import { type Bill, bill, type Told } from './bill.js';
import { type FaultyKey, KILLED, rulesOf } from './fault-list.js';

/** A caller whose call failed asks again with the same key, as every guide says; so often, with this pause. */
const TRIES = 10;
const TRY_AGAIN_MS = 1_000;
/** Longer than the slowest way to an outcome: a safety check of 60 s after a lost webhook. */
const PATIENCE_MS = 150_000;
const LOOK_MS = 100;

interface Play {
  readonly alternative: Alternative;
  readonly provider: FakeClient;
  readonly list: readonly FaultyKey[];
  /** Every key's movie, and what a render of it costs. */
  readonly movie: object;
  readonly price: number;
}

/** Lets all of it happen at once, then kills the process in the midst of a submission, and reads the provider's ledger. */
export async function playFaults({ alternative, provider, list, movie, price }: Play): Promise<Bill> {
  for (const key of list) for (const rule of rulesOf(key)) await provider.fault(rule);
  const told = new Map(
    list.map(({ key }) => [key, { projects: new Set<string>(), urls: new Set<string>() }]),
  );
  const askFor = async (
    keys: readonly FaultyKey[],
    meanwhile?: (over: AbortSignal) => Promise<void>,
  ): Promise<void> => {
    const over = new AbortController();
    const calls = keys.flatMap(({ key, callers }) =>
      Array.from({ length: callers }, () => call(alternative, key, movie, told.get(key), over.signal)),
    );
    const event = meanwhile?.(over.signal);
    await Promise.race([Promise.all([...calls, event]), pause(PATIENCE_MS, undefined, { ref: false })]);
    over.abort();
    await event;
  };
  // The killed ones by themselves: what else a kill interrupts would depend on how fast the alternative is.
  const doomed = list.filter(({ what }) => what === KILLED);
  await askFor(list.filter(({ what }) => what !== KILLED));
  await askFor(doomed, (over) => killBeforeStored(alternative, provider, doomed, over));
  await provider.clearFaults();
  return bill(list, await provider.movies(), told, price);
}

interface Heard extends Told {
  readonly projects: Set<string>;
  readonly urls: Set<string>;
}

async function call(
  { submit, result }: Alternative,
  key: string,
  movie: object,
  heard: Heard | undefined,
  over: AbortSignal,
): Promise<void> {
  for (let attempt = 1; attempt <= TRIES && !over.aborted; attempt += 1) {
    try {
      heard?.projects.add(await submit(key, movie));
      heard?.urls.add((await result(key)).url);
      return;
    } catch {
      // What went wrong is counted by what the caller was not told.
      await pause(TRY_AGAIN_MS);
    }
  }
}

/** Once the provider has accepted what it will not answer, the one who waits for the answer is killed. */
async function killBeforeStored(
  alternative: Alternative,
  provider: FakeClient,
  doomed: readonly FaultyKey[],
  over: AbortSignal,
): Promise<void> {
  const areAccepted = async (): Promise<boolean> => {
    const accepted = new Set((await provider.movies()).map(({ key }) => key));
    return doomed.every(({ key }) => accepted.has(key));
  };
  while (!(await areAccepted())) {
    if (over.aborted) return;
    await pause(LOOK_MS);
  }
  await alternative.crash();
}

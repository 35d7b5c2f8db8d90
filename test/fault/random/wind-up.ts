import { setTimeout as pause } from 'node:timers/promises';
import { errorOf } from './check/consent.js';
import type { Ended } from './check/check.js';
import type { Done, Performer } from './operators/perform.js';
import type { Deed, Script, Variant } from './operators/script.js';
import type { Watch } from './operators/watch.js';
import type { Accepted } from './provider/movies.js';

/** The keys of one provider, when the play is over. */
export interface Winding {
  readonly scripts: readonly Script[];
  readonly performer: Performer;
  readonly accepted: readonly Accepted[];
}

/** A look that died with its worker is repeated after 90 s; a settle window and its looks follow. */
const DRAIN_MS = 190_000;

/** A cancel in doubt awaits the settle window. */
const CANCEL_MS = 75_000;

const READ_MS = 1_000;

const ABANDON: Deed = { do: 'decide', caller: 'plain', action: 'abandon', force: false };
const CANCEL: Deed = { do: 'cancel', caller: 'plain' };

/**
 * Brings every key to its end as a patient person would: held keys are given up; what is open at the end of the time is
 * given up or cancelled. Then asks of each closed key what its next call is, and closes what that has begun.
 */
export async function windUp(winding: readonly Winding[], watch: Watch): Promise<ReadonlyMap<string, Ended>> {
  await closeAll(winding, watch, DRAIN_MS);
  const ended = new Map<string, Ended>();
  await Promise.all(
    winding.flatMap((each) =>
      each.scripts.map(async (script) => {
        if (watch.of(script.key)?.isOpen === false) ended.set(script.key, await probe(each, script));
      }),
    ),
  );
  await watch.read();
  const cancelled = winding.flatMap(({ scripts, performer }) =>
    scripts
      .filter(({ key }) => watch.of(key)?.isOpen === true)
      .map((script) => performer.perform(script, CANCEL)),
  );
  await Promise.all(cancelled);
  await closeAll(winding, watch, CANCEL_MS);
  for (const { key } of winding.flatMap(({ scripts }) => scripts)) {
    const run = watch.of(key);
    ended.set(key, { ...ended.get(key), ...(run === undefined ? {} : { run }) });
  }
  return ended;
}

/** Waits until all runs are closed, and gives up those that are held, and at last all. */
async function closeAll(winding: readonly Winding[], watch: Watch, withinMs: number): Promise<void> {
  const untilMs = Date.now() + withinMs;
  for (let isLate = false; ; isLate = Date.now() > untilMs) {
    await watch.read().catch(() => undefined);
    const open = winding.flatMap(({ scripts, performer }) =>
      scripts.flatMap((script) => {
        const run = watch.of(script.key);
        return run?.isOpen === true ? [{ script, performer, state: run.state }] : [];
      }),
    );
    if (open.length === 0) return;
    const stuck = open.filter(({ state }) => isLate || state === 'held');
    await Promise.all(stuck.map(({ script, performer }) => performer.perform(script, ABANDON)));
    if (isLate) {
      await Promise.all(stuck.map(({ script, performer }) => performer.perform(script, CANCEL)));
      await pause(CANCEL_MS / 2);
      await watch.read().catch(() => undefined);
      return;
    }
    await pause(READ_MS);
  }
}

/** Asks of a closed key for its result and for what the next calls do. */
async function probe({ performer, accepted }: Winding, script: Script): Promise<Ended> {
  const result = await performer.perform(script, { do: 'result', caller: 'plain' });
  const held = accepted.findLast(({ key }) => key === script.key)?.variant;
  const [first, second]: readonly [Variant, Variant] = held === 'b' ? ['b', 'a'] : ['a', 'b'];
  const ask = (movie: Variant, restart: boolean): Promise<Done> =>
    performer.perform(script, { do: 'submitOnce', caller: 'plain', movie, restart, deadlineMs: 8_000 });
  let call = await ask(first, false);
  if (errorOf(call.told)?.code === 'IdempotencyKeyReused') call = await ask(second, false);
  const code = errorOf(call.told)?.code ?? '';
  if (!['RenderAbandoned', 'IdempotencyKeyReused'].includes(code)) return { result, call };
  return { result, call, restart: await ask(first, true) };
}

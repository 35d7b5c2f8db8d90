import { setTimeout as pause } from 'node:timers/promises';
import pMap from 'p-map';
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

/** A run that is open for longer is given up: an unreadable list lets it look for ever. */
const PATIENCE_MS = 140_000;

/** Errors of a busy engine, or of one that has just started. They end a probe only if they last. */
const TOO_BUSY: ReadonlySet<string> = new Set(['EngineUnavailable', 'EngineNotSetUp', 'NoWorker']);

const TRIES = 4;

/** Hundreds of keys that are asked at once keep the engine so busy that every call reaches its deadline. */
const PROBES_AT_ONCE = 24;

/** Deadline of a probe's first try; each later one has as much again. */
const PROBE_MS = 8_000;

/** A settle window passes after a cancel. */
const ASK_AGAIN_MS = 20_000;

/** A reading of the index costs the engine 30 ms and more. */
const READ_MS = 3_000;

const ABANDON: Deed = { do: 'decide', caller: 'plain', action: 'abandon', force: false };
const CANCEL: Deed = { do: 'cancel', caller: 'plain' };

/**
 * Brings every key to its end as a patient person would, who gives up what is held and cancels what looks for ever. Then
 * asks of each closed key what its next call is, and closes what that has begun.
 */
export async function windUp(winding: readonly Winding[], watch: Watch): Promise<ReadonlyMap<string, Ended>> {
  const keys = winding.flatMap((each) => each.scripts.map((script) => ({ each, script })));
  const overdue = await closeAll(winding, watch, DRAIN_MS);
  const ended = new Map<string, Ended>();
  const closed = keys.filter(({ script }) => watch.of(script.key)?.isOpen === false);
  const ask = async ({ each, script }: (typeof closed)[number]): Promise<void> => {
    ended.set(script.key, await probe(each, script));
  };
  await pMap(closed, ask, { concurrency: PROBES_AT_ONCE });
  await watch.read();
  const begun = keys.filter(({ script: { key } }) => watch.of(key)?.isOpen === true);
  await Promise.all(begun.map(({ each, script }) => each.performer.perform(script, CANCEL)));
  await closeAll(winding, watch, CANCEL_MS);
  for (const { script } of keys) {
    const run = watch.of(script.key);
    const late = overdue.get(script.key);
    ended.set(script.key, {
      ...ended.get(script.key),
      ...(run === undefined ? {} : { run }),
      ...(late === undefined ? {} : { overdue: late }),
    });
  }
  return ended;
}

/** States that the options of a run limit; every other may last until a person ends it. */
const LIMITED: ReadonlySet<string> = new Set(['rendering', 'waiting']);

/**
 * Waits until all runs are closed. Gives up held ones, and ones that are in doubt for long. At the end of the time it
 * cancels all that are open, and returns the states of those that should have ended by themselves.
 */
async function closeAll(
  winding: readonly Winding[],
  watch: Watch,
  withinMs: number,
): Promise<ReadonlyMap<string, string>> {
  const untilMs = Date.now() + withinMs;
  const askedMs = new Map<string, number>();
  for (;;) {
    await watch.read().catch(() => undefined);
    const isLate = Date.now() > untilMs;
    const open = winding.flatMap(({ scripts, performer }) =>
      scripts.flatMap((script) => {
        const run = watch.of(script.key);
        return run?.isOpen === true ? [{ script, performer, run }] : [];
      }),
    );
    if (open.length === 0) return new Map();
    const stuck = open.filter(({ script, run }) => {
      if (isLate) return true;
      const isTime = Date.now() - (askedMs.get(script.key) ?? 0) > ASK_AGAIN_MS;
      const isInDoubtForLong = !LIMITED.has(run.state) && Date.now() - run.startedMs > PATIENCE_MS;
      return isTime && (run.state === 'held' || isInDoubtForLong);
    });
    await Promise.all(
      stuck.map(async ({ script, performer }) => {
        askedMs.set(script.key, Date.now());
        const { told } = await performer.perform(script, ABANDON);
        if (isLate || errorOf(told) !== undefined) await performer.perform(script, CANCEL);
      }),
    );
    if (isLate) {
      await pause(CANCEL_MS / 2);
      await watch.read().catch(() => undefined);
      const late = open.filter(({ run }) => LIMITED.has(run.state));
      return new Map(late.map(({ script, run }) => [script.key, run.state]));
    }
    await pause(READ_MS);
  }
}

/** Asks of a closed key for its result and for what the next calls do. */
async function probe({ performer, accepted }: Winding, script: Script): Promise<Ended> {
  const ask = async (deedOf: (deadlineMs: number) => Deed): Promise<Done> => {
    for (let tries = 1; ; tries += 1) {
      const done = await performer.perform(script, deedOf(tries * PROBE_MS));
      if (tries === TRIES || !TOO_BUSY.has(errorOf(done.told)?.code ?? '')) return done;
    }
  };
  const submitOnce = (movie: Variant, restart: boolean): Promise<Done> =>
    ask((deadlineMs) => ({ do: 'submitOnce', caller: 'plain', movie, restart, deadlineMs }));
  const result = await ask(() => ({ do: 'result', caller: 'plain' }));
  const held = accepted.findLast(({ key }) => key === script.key)?.variant;
  const [first, second]: readonly [Variant, Variant] = held === 'b' ? ['b', 'a'] : ['a', 'b'];
  let call = await submitOnce(first, false);
  if (errorOf(call.told)?.code === 'IdempotencyKeyReused') call = await submitOnce(second, false);
  const code = errorOf(call.told)?.code ?? '';
  if (!['RenderAbandoned', 'IdempotencyKeyReused'].includes(code)) return { result, call };
  return { result, call, restart: await submitOnce(first, true) };
}

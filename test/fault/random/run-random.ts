import type { RandomViolation, SeenKey } from './check/check.js';
import { errorOf } from './check/consent.js';
import { isKnown } from './check/known-violations.js';
import { KEY } from './key-name.js';
import { play, type PlayOptions } from './play.js';

/** Options of `npm run proof -- --random`. */
export interface RandomRun {
  readonly seed: number;
  /** 3,000 by default. */
  readonly keys?: number;
  /** Only this key, as a violation names it. */
  readonly only?: string;
}

/** Keys of one provider: enough for pages and for witnesses, few enough that habits differ often. */
const KEYS_EACH = 30;

/** Every third batch has an engine on disk, which is restarted. It is slower, so that fewer keys share it. */
const ON_DISK_EVERY = 3;
const PROVIDERS_IN_MEMORY = 8;
const PROVIDERS_ON_DISK = 4;

/** Hundreds of keys that began at once would keep the machine from serving any. */
const SPREAD_MS = 60_000;

/** Plays keys in batches, prints their violations, and returns the number of those that are not known. */
export async function runRandom(run: RandomRun, say: (line: string) => void): Promise<number> {
  const totals = new Map<string, number>();
  let count = 0;
  let failed = 0;
  for (const options of batchesOf(run)) {
    const { seen, violations } = await play(options);
    count += seen.length;
    const which = `SEED=${options.seed} batch ${options.batch}${options.onDisk ? ', on disk' : ''}`;
    say(`${which}: ${seen.length} keys, ${violations.length} violations; ${describeEnds(seen)}`);
    for (const violation of violations) {
      const isAwaited = isKnown(violation);
      if (!isAwaited) failed += 1;
      const kind = `${isAwaited ? 'known' : 'FAIL'} ${violation.rule}`;
      totals.set(kind, (totals.get(kind) ?? 0) + 1);
      say(describeViolation(violation, kind));
    }
  }
  for (const [kind, times] of totals) say(`${kind}: ${times}`);
  say(`${count} keys, ${failed} violations that are not known`);
  return failed;
}

/** So many keys are played where nobody says how many. */
const KEYS = 3_000;

/** Deals so many keys into batches; of a run of one key, the batch that it belongs to. */
function batchesOf({ seed, keys = KEYS, only }: RandomRun): PlayOptions[] {
  const [, ofSeed, ofProvider, number] = only === undefined ? [] : (KEY.exec(only) ?? []);
  const last = ofProvider === undefined ? Math.ceil(keys / KEYS_EACH) : Number(ofProvider);
  const batches: PlayOptions[] = [];
  for (let first = 1, batch = 1; first <= last; batch += 1) {
    const onDisk = batch % ON_DISK_EVERY === 0;
    const count = Math.min(onDisk ? PROVIDERS_ON_DISK : PROVIDERS_IN_MEMORY, last - first + 1);
    const providers = Array.from({ length: count }, (_, index) => first + index);
    batches.push({ seed, batch, providers, keysEach: KEYS_EACH, spreadMs: SPREAD_MS, onDisk });
    first += count;
  }
  const its = batches.at(-1);
  if (only === undefined || its === undefined) return batches;
  return [{ ...its, seed: Number(ofSeed), providers: [last], keysEach: Number(number), only }];
}

/** Counts how keys ended, with their nature, so that a reader sees how much of the play was about money. */
function describeEnds(seen: readonly SeenKey[]): string {
  const ends = new Map<string, number>();
  for (const { accepted, ended, nature } of seen) {
    const code = errorOf((ended.restart ?? ended.call)?.told)?.code;
    const end = accepted.length > 0 ? 'accepted' : `${nature} ${code ?? ended.run?.state ?? 'deleted'}`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  const most = [...ends].toSorted(([, one], [, other]) => other - one);
  return most.map(([end, times]) => `${times} ${end}`).join(', ');
}

/** Names a violation so that it can be repeated. */
export function describeViolation({ key, what, signs }: RandomViolation, kind: string): string {
  return `${kind} --only ${key}: ${what}\n        ${signs.join(' | ')}`;
}

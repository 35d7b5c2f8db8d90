import type { RandomViolation } from './check/check.js';
import { isKnown } from './check/known-violations.js';
import { KEY } from './key-name.js';
import { play, type PlayOptions, type Played, PROVIDERS_AT_ONCE } from './play.js';

/** Options of `npm run proof -- --random`. */
export interface RandomRun {
  readonly seed: number;
  readonly keys: number;
  /** Only this key, as a violation names it. */
  readonly only?: string;
}

/** Keys of one provider: enough for pages and for witnesses, few enough that habits differ often. */
const KEYS_EACH = 40;

/** Hundreds of keys that began at once would keep the machine from serving any. */
const SPREAD_MS = 50_000;

/** Plays keys in batches, prints what came of each, and returns how many violations are not known. */
export async function runRandom(
  { seed, keys, only }: RandomRun,
  say: (line: string) => void,
): Promise<number> {
  let unknown = 0;
  let count = 0;
  const total = new Map<string, number>();
  for (const options of batches(seed, keys, only)) {
    const played = await play(options);
    count += played.seen.length;
    const providers = `providers ${options.providers[0] ?? 0} to ${options.providers.at(-1) ?? 0}`;
    say(`SEED=${options.seed} ${providers}: ${count} keys, ${summaryOf(played)}`);
    for (const violation of played.violations) {
      const isOfAWaitingChange = isKnown(violation);
      const kind = `${isOfAWaitingChange ? 'known' : 'FAIL '} ${violation.rule}`;
      total.set(kind, (total.get(kind) ?? 0) + 1);
      if (!isOfAWaitingChange) unknown += 1;
      say(describeViolation(violation, kind));
    }
  }
  for (const [kind, times] of total) say(`${kind}: ${times}`);
  say(`${count} keys, ${unknown} violations that are not known`);
  return unknown;
}

function batches(seed: number, keys: number, only: string | undefined): PlayOptions[] {
  if (only !== undefined) {
    const [ofSeed = 1, provider = 1, number = 1] = KEY.exec(only)?.slice(1).map(Number) ?? [];
    return [
      { seed: ofSeed, providers: [provider], keysEach: number, spreadMs: SPREAD_MS, onDisk: true, only },
    ];
  }
  const providers = Array.from({ length: Math.ceil(keys / KEYS_EACH) }, (_, index) => index + 1);
  const starts = providers.filter((_, index) => index % PROVIDERS_AT_ONCE === 0);
  return starts.map((first) => ({
    seed,
    providers: providers.slice(first - 1, first - 1 + PROVIDERS_AT_ONCE),
    keysEach: KEYS_EACH,
    spreadMs: SPREAD_MS,
    onDisk: true,
  }));
}

/** Names a violation so that it can be repeated. */
export function describeViolation({ key, what, signs }: RandomViolation, kind: string): string {
  return `${kind} --only ${key}: ${what}\n        ${signs.join(' | ')}`;
}

function summaryOf({ seen, violations }: Played): string {
  const paid = seen.filter(({ accepted }) => accepted.length > 0).length;
  return `${paid} of ${seen.length} accepted, ${violations.length} violations`;
}

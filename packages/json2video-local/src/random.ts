const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A number in [0, 1), as `Math.random` gives. */
export type Random = () => number;

/** A generator that goes on from any of its states. */
export interface SeededRandom extends Random {
  state: number;
}

/** Makes a repeatable generator (Mulberry32): the same seed gives the same IDs and odds. */
export function seededRandom(seed: number): SeededRandom {
  const next = (): number => {
    const state = (random.state + 0x6d2b79f5) >>> 0;
    random.state = state;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const random: SeededRandom = Object.assign(next, { state: seed >>> 0 });
  return random;
}

/** Returns random letters and digits: project IDs have 16, template IDs 20. */
export function alphanumeric(random: Random, length: number, alphabet = ALPHANUMERIC): string {
  return Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join('');
}

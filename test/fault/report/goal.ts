import { nameOfPiece, type Piece } from './piece.js';

/** So many keys are the goal of all pieces together. */
const GOAL_KEYS = 30_000;

interface Wanted {
  readonly seed: number;
  readonly keys?: number | undefined;
  readonly resume: boolean;
}

/** Returns how many keys the next piece may play, or why it cannot be. */
export function keysToPlay({ seed, keys, resume }: Wanted, pieces: readonly Piece[]): number | string {
  const same = pieces.find((piece) => piece.seed === seed);
  if (same !== undefined) {
    return `seed ${seed} has its piece already: ${nameOfPiece(same)}. Its cells are the same; take another seed.`;
  }
  if (!resume) return keys ?? Infinity;
  const played = pieces.reduce((sum, piece) => sum + piece.keys, 0);
  return Math.max(0, (keys ?? GOAL_KEYS) - played);
}

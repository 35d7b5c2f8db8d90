import { createHash } from 'node:crypto';
import { pick, type Random, seededRandom } from '../../support/random.js';

/** Returns a random source of its own for each thing that is drawn, so that one draw more or less changes no other. */
export function randomOf(...parts: readonly (string | number)[]): Random {
  return seededRandom(createHash('sha256').update(parts.join('/')).digest().readUInt32LE());
}

/** Draws one of the names by their weights. */
export function weighted<T extends string>(random: Random, weights: Readonly<Record<T, number>>): T {
  const entries = Object.entries<number>(weights);
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let rest = random() * total;
  const drawn = entries.find(([, weight]) => (rest -= weight) < 0) ?? entries.at(-1);
  return (drawn?.[0] ?? '') as T;
}

/** Draws a whole number from `least` to `most`. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** Draws true with a probability. */
export function chance(random: Random, probability: number): boolean {
  return random() < probability;
}

/** Draws the plain value mostly, and one of the odd ones otherwise. */
export function mostly<T>(random: Random, plain: T, odd: readonly T[], oddShare = 0.2): T {
  return chance(random, oddShare) ? pick(random, odd) : plain;
}

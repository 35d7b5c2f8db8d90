/** Names a key, so that it can be played again. */
export function keyName(seed: number, provider: number, number: number): string {
  return `s${seed}-p${provider}-k${number}`;
}

/** The names that `keyName` makes. */
export const KEY = /^s(\d+)-p(\d+)-k(\d+)$/;

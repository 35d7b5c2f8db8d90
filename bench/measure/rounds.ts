/** What is measured in turns, by name. */
export type Turns<T> = Readonly<Record<string, (round: number) => Promise<T>>>;

/**
 * Plays all of them in every round, forwards and backwards by turns: what changes with time on the machine, or is left
 * behind by the one before, falls on each alike.
 */
export async function inRounds<T>(
  rounds: number,
  turns: Turns<T>,
  onResult: (name: string, round: number, result: T) => void = () => undefined,
): Promise<Record<string, T[]>> {
  const names = Object.keys(turns);
  const results: Record<string, T[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const result = await turns[name]?.(round);
      if (result === undefined) continue;
      results[name]?.push(result);
      onResult(name, round, result);
    }
  }
  return results;
}

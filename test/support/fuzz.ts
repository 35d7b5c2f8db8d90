/** Time that `npm run fuzz -- --minutes N` gives to each test file; 0 in the suite. */
const FUZZ_MS = Number(process.env['FUZZ_MINUTES'] ?? 0) * 60_000;

/** Returns the repetition of a check for an equal share of the file's time, in rounds with seeds of their own. */
export function fuzzing(shares: number): {
  readonly shareMs: number;
  readonly rounds: (round: () => unknown) => Promise<void>;
} {
  const shareMs = FUZZ_MS / shares;
  return {
    shareMs,
    rounds: async (round) => {
      const endMs = Date.now() + shareMs;
      do await round();
      while (Date.now() < endMs);
    },
  };
}

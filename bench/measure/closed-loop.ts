/** The result of a number of jobs. */
export interface LoopResult {
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
}

/**
 * Does `count` jobs, `atOnce` at a time: each that ends makes room for the next, as callers do that wait for their
 * answers. The first failure is thrown when the jobs under way have ended.
 */
export async function closedLoop(
  { count, atOnce }: { readonly count: number; readonly atOnce: number },
  job: (index: number) => Promise<unknown>,
  nowMs: () => number = () => performance.now(),
): Promise<LoopResult> {
  const latenciesMs: number[] = [];
  let started = 0;
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    while (started < count && failures.length === 0) {
      const index = started;
      started += 1;
      const startedMs = nowMs();
      await job(index).catch((error: unknown) => failures.push(error));
      latenciesMs.push(nowMs() - startedMs);
    }
  };
  const startedMs = nowMs();
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
  // Not before: jobs under way would miss what the caller takes away.
  if (failures.length > 0) throw failures[0];
  return { perSecond: count / ((nowMs() - startedMs) / 1_000), latenciesMs };
}

/**
 * Does jobs as `closedLoop`, and counts only the ends from the first end until the last start. Before and after, some
 * callers have nothing to wait for: with jobs that take seconds this would be much of the whole.
 */
export async function steadyLoop(
  load: { readonly count: number; readonly atOnce: number },
  job: (index: number) => Promise<unknown>,
  nowMs: () => number = () => performance.now(),
): Promise<LoopResult> {
  const endsMs: number[] = [];
  let lastStartMs = 0;
  const result = await closedLoop(
    load,
    async (index) => {
      lastStartMs = nowMs();
      await job(index);
      endsMs.push(nowMs());
    },
    nowMs,
  );
  const [firstEndMs = 0] = endsMs;
  const ended = endsMs.filter((atMs) => atMs > firstEndMs && atMs <= lastStartMs).length;
  return ended === 0 ? result : { ...result, perSecond: ended / ((lastStartMs - firstEndMs) / 1_000) };
}

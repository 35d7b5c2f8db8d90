/** What so many values come to. */
export interface Summary {
  readonly p50: number;
  readonly p95: number;
  readonly count: number;
}

/** The value that this share of all values does not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('there is no percentile of nothing');
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return sum([sorted[Math.floor(middle)] ?? Number.NaN, sorted[Math.ceil(middle)] ?? Number.NaN]) / 2;
}

/** The median of the rounds' own ratios: what slows a whole round down does not count. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return rounded(median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN))));
}

export function summary(values: readonly number[]): Summary {
  return { p50: rounded(median(values)), p95: rounded(percentile(values, 0.95)), count: values.length };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Three digits say all that a measurement of this kind can. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

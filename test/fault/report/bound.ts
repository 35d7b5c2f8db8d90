/** With this confidence a bound holds. */
const CONFIDENCE = 0.95;

/** Halvings of the interval: more than a double can tell apart. */
const STEPS = 60;

/**
 * Returns the upper bound of Clopper and Pearson on the share of violations, where `violations` of `trials` were seen: with
 * 95 % confidence the share is not above it. Without a violation it is `1 - 0.05^(1/trials)`.
 */
export function upperBound(violations: number, trials: number): number {
  if (violations >= trials) return 1;
  if (violations === 0) return 1 - (1 - CONFIDENCE) ** (1 / trials);
  let [low, high] = [violations / trials, 1];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (shareOfAtMost(violations, trials, middle) > 1 - CONFIDENCE) low = middle;
    else high = middle;
  }
  return high;
}

/** The probability of at most so many violations in so many trials. Logarithms, because a power of a large number is 0. */
function shareOfAtMost(violations: number, trials: number, share: number): number {
  let term = trials * Math.log1p(-share);
  let sum = Math.exp(term);
  for (let count = 1; count <= violations; count += 1) {
    term += Math.log((trials - count + 1) / count) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(term);
  }
  return sum;
}

import type { Observed, Sighting } from '../check.js';

/** What was seen of one key, for the checker. */
export function sightingOf(
  key: string,
  seen: Pick<Observed, 'accepted' | 'answers'>,
  isCancelled = false,
): Sighting {
  const observed: Observed = {
    key: { key, wait: 'poll', outcome: 'done', resubmissions: 1, isCancelled },
    ...seen,
    wasUnknown: true,
  };
  return { observed: [observed], fired: {}, left: [], unexpected: [] };
}

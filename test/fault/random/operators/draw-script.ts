import { pick, type Random } from '../../../support/random.js';
import { between, chance, weighted } from '../draw.js';
import type { Nature } from '../provider/fates.js';
import { act, anything, submitting } from './acts.js';
import type { Act, Script, Variant } from './script.js';
import { SEQUENCES } from './sequences.js';

/** Keys of a provider to which nothing happens: their movies are what a look can be witnessed by. */
const CALM_KEYS = 2;

/** Draws what happens to the n-th key of a provider. */
export function drawScript(random: Random, key: string, n: number): Script {
  const options = drawOptions(random);
  if (n <= CALM_KEYS) return { key, nature: 'calm', begin: 0, options, threads: [[call(random, 'a')]] };
  const begin = random();
  const nature = weighted<Nature>(random, { lossy: 10, stern: 4, poor: 3, calm: 2 });
  // Some are left to themselves.
  const count = chance(random, 0.15) ? 0 : between(random, 1, 2);
  const operators = Array.from({ length: count }, () => operator(random, nature));
  return { key, nature, begin, options, threads: [callers(random), ...operators] };
}

/** Options near their minimum, since settle windows are real time. A submission has the time that a busy machine needs. */
function drawOptions(random: Random): Script['options'] {
  return {
    pollSeconds: 5,
    submitTimeoutSeconds: 12,
    settleSeconds: 30,
    errorGraceSeconds: 10,
    renderTimeoutSeconds: between(random, 20, 60),
    submitPatienceSeconds: between(random, 15, 45),
    resubmissions: chance(random, 0.8) ? 1 : 0,
    webhook: chance(random, 0.5),
  };
}

function call(random: Random, movie: Variant): Act {
  return act('at once', between(random, 0, 2_000), submitting(random, movie));
}

/** One to four calls of the same key, now and then for another movie. */
function callers(random: Random): readonly Act[] {
  const more = Array.from({ length: between(random, 0, 3) }, () =>
    call(random, chance(random, 0.1) ? 'b' : 'a'),
  );
  return [call(random, 'a'), ...more];
}

/** Draws the acts of one operator: a sequence that people fall into, or anything. */
function operator(random: Random, nature: Nature): readonly Act[] {
  const acts = chance(random, 0.65) ? pick(random, SEQUENCES)(random) : anything(random);
  if (nature !== 'stern') return acts;
  const corrected = act('closed', between(random, 200, 3_000), submitting(random, 'b'));
  return [corrected, ...acts];
}

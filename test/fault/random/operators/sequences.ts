import { pick, type Random } from '../../../support/random.js';
import { between, chance } from '../draw.js';
import { act, cancelling, deciding, resetting, submitting } from './acts.js';
import type { Act, Variant } from './script.js';

const anyMovie = (random: Random): Variant => pick(random, ['a', 'b']);

/** Draws what people do one after the other when something has gone wrong at night. */
export const SEQUENCES: readonly ((random: Random) => readonly Act[])[] = [
  function resetInDoubt(random) {
    return [
      act('unknown', between(random, 0, chance(random, 0.6) ? 4_000 : 35_000), resetting(random)),
      ...(chance(random, 0.3) ? [act('open', between(random, 500, 20_000), resetting(random))] : []),
    ];
  },
  function resetTerminateAndRestart(random) {
    return [
      act('unknown', between(random, 500, 8_000), resetting(random)),
      act('open', between(random, 500, 4_000), { do: 'terminate' }),
      act('closed', between(random, 0, 2_000), submitting(random, anyMovie(random), true)),
    ];
  },
  function terminateAndRestart(random) {
    const when = pick(random, ['open', 'unknown', 'waiting', 'rendering'] as const);
    return [
      act(when, between(random, 0, 8_000), { do: 'terminate' }),
      act('closed', between(random, 0, 2_000), submitting(random, pick(random, ['a', 'a', 'b']), true)),
    ];
  },
  function forceTwice(random) {
    return [
      act('unknown', between(random, 200, 15_000), deciding(random, 'resubmit', true)),
      act('open', between(random, 500, 10_000), deciding(random, 'resubmit', chance(random, 0.5))),
      act('at once', between(random, 0, 8_000), submitting(random, anyMovie(random), chance(random, 0.5))),
    ];
  },
  function cancelWhileCallersWait(random) {
    const when = pick(random, ['waiting', 'unknown', 'open', 'held'] as const);
    return [
      act(when, between(random, 0, 6_000), cancelling(random)),
      ...(chance(random, 0.5) ? [act('closed', between(random, 0, 2_000), submitting(random, 'a'))] : []),
    ];
  },
  function deleteWhileCallersWait(random) {
    const when = pick(random, ['open', 'unknown', 'rendering', 'closed'] as const);
    return [
      // It has met the run for certain when that is deleted, and waits for longer.
      act('at once', 0, { ...submitting(random, 'a'), do: 'render' }),
      act(when, between(random, 14_000, 20_000), { do: 'delete' }),
      ...(chance(random, 0.4) ? [act('at once', 8_000, submitting(random, 'a'))] : []),
    ];
  },
  function adoptAndReset(random) {
    return [
      act('unknown', between(random, 200, 20_000), deciding(random, 'adopt', chance(random, 0.6))),
      act(pick(random, ['rendering', 'closed']), between(random, 500, 5_000), resetting(random)),
    ];
  },
  function resetWhatIsOver(random) {
    return [act('closed', between(random, 500, 5_000), resetting(random))];
  },
  function resetWhileItIsSent(random) {
    return [act('open', between(random, 0, 1_500), resetting(random))];
  },
  function giveUpAndRestart(random) {
    return [
      act(
        pick(random, ['unknown', 'held']),
        between(random, 200, 20_000),
        deciding(random, 'abandon', false),
      ),
      act('closed', between(random, 0, 2_000), submitting(random, anyMovie(random), true)),
    ];
  },
  function sendHeldAgain(random) {
    return [act('held', between(random, 200, 5_000), deciding(random, 'resubmit', chance(random, 0.3)))];
  },
  function lateStart(random) {
    const movie = anyMovie(random);
    return [
      act('closed', 0, { ...submitting(random, movie), caller: 'ahead' }),
      act('at once', 0, { ...submitting(random, movie), caller: 'plain' }),
      act('open', between(random, 0, 3_000), { do: 'terminate' }),
    ];
  },
];

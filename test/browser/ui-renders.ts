import type { FakeOptions } from 'json2video-local';
import type { JsonObject } from '../../src/text/json.js';
import { Doubt, DOUBT_TERMS } from '../support/doubt.js';
import type { Stage } from '../support/stage.js';

/** The provider's clock stands still unless it is told, so that progress is the same in every run. */
export const PROVIDER: FakeOptions = {
  fixedClock: true,
  renderSeconds: 600,
  switches: { progress: 'present' },
};

/** The keys of the renders, by the state in which they stand. */
export const KEYS = {
  waiting: 'order-12351-promo',
  rendering: 'order-12350-promo',
  unknown: 'order-12349-promo',
  held: 'order-12348-promo',
  failed: 'order-12347-promo',
  done: 'order-12345-thumbnail',
} as const;

/** What the list and the pages call their movies. */
export const SUMMARIES: Readonly<Record<keyof typeof KEYS, string>> = {
  waiting: 'Promo: the spring sale',
  rendering: 'Promo: the last seats',
  unknown: 'Promo: two for one',
  held: 'Promo: a week of free delivery',
  failed: 'Promo without its clip',
  done: 'Thumbnail with a thank-you',
};

const movie = (state: keyof typeof KEYS): JsonObject => ({
  comment: SUMMARIES[state],
  resolution: 'full-hd',
  scenes: [{ duration: 5, elements: [{ type: 'text', text: 'Thank you!' }] }],
});
/** The provider takes it, and finds out later that there is nothing to show. */
const BROKEN = { comment: SUMMARIES.failed, scenes: [{ elements: [{ type: 'video' }] }] };

/** Starts a render for each state that an operator meets and waits until each stands in its own. */
export async function standInEachState(stage: Stage): Promise<void> {
  const { fake, renders } = stage;
  const doubt = new Doubt(stage);
  const isLost = { kind: 'reset-before' } as const;
  for (const key of [KEYS.held, KEYS.unknown]) {
    await fake.fault({ match: { call: 'create', key }, effect: isLost, times: 1 });
  }
  const noCredits = { kind: 'account', problem: 'no-credits' } as const;
  await fake.fault({ match: { call: 'create', key: KEYS.waiting }, effect: noCredits });
  await renders.start(KEYS.held, movie('held'), DOUBT_TERMS);
  await renders.start(KEYS.unknown, movie('unknown'), { settleSeconds: 600 });
  await renders.start(KEYS.waiting, movie('waiting'));

  await renders.submitOnce(KEYS.done, movie('done'));
  await renders.submitOnce(KEYS.failed, BROKEN, { errorGraceSeconds: 10 });
  await fake.advance(600);
  await renders.submitOnce(KEYS.rendering, movie('rendering'));
  await fake.advance(252);
  // One after the other: each is asked about often, and the engine has work to do.
  for (const [state, key] of Object.entries(KEYS)) await doubt.isIn(key, state);
}

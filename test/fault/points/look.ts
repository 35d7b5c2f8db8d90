import type { Aim, CellKey } from '../aim.js';
import { viewOf } from '../engine-view.js';
import type { Point } from './point.js';

/**
 * Beside keys whose movie was accepted and whose reply is lost, which their case sees to: nothing was accepted. No
 * webhook may come meanwhile: it would settle the doubt without a look.
 */
async function armDoubt(aim: Aim): Promise<void> {
  await aim.holdRenders();
  for (const { key, outcome } of aim.keys) {
    if (outcome === 'lost') continue;
    await aim.fault({ match: { call: 'create', key }, effect: { kind: 'reset-before' }, times: 1 });
  }
}

const LOOK = /GET \/v2\/movies\?[^ ]*date_start/;

/**
 * Holds the reading of the list that the looks of a worker share, and answers the keys whose look waits for it. What holds
 * the first look holds the POST of a key that comes late, too: its doubt is that one, so that its next POST must not be reset.
 */
async function holdLooks(aim: Aim): Promise<readonly CellKey[]> {
  const { requests } = aim.worker.provider;
  requests.holdFrom(LOOK);
  const there = await aim.gather('a look is asked for', async (key) => {
    if (!LOOK.test(requests.heldText())) return false;
    const { pending = [] } = (await viewOf(aim.stage.client, key)) ?? {};
    return pending.some(({ type, isStarted }) => type === 'findMovie' && isStarted);
  });
  await aim.lift();
  return there;
}

/** The list was asked for, and the request has not reached the provider. */
const beforeLook: Point = { arm: armDoubt, reach: holdLooks };

/** The list was read, and the engine does not know what was seen. */
const afterLook: Point = {
  arm: armDoubt,
  reach: async (aim) => {
    const { engine, provider } = aim.worker;
    await holdLooks(aim);
    engine.requests.hold();
    provider.requests.open();
    const made = (): number =>
      engine.requests.heldText().match(/"runId":"[^"]+","at":"[^"]+","scanned"/g)?.length ?? 0;
    return aim.count('a look is made', made);
  },
};

export const LOOK_POINTS = { 'before a look': beforeLook, 'after a look': afterLook };

import type { Aim } from '../aim.js';
import type { Point } from './point.js';

/** Beside keys whose movie was accepted and whose reply is lost, which their case sees to: nothing was accepted. */
async function armDoubt(aim: Aim): Promise<void> {
  for (const { key, outcome } of aim.keys) {
    if (outcome === 'lost') continue;
    await aim.fault({ match: { call: 'create', key }, effect: { kind: 'reset-before' }, times: 1 });
  }
}

const LOOKS = /GET \/v2\/movies\?[^ ]*date_start/g;

/** The list was asked for, and the request has not reached the provider. */
const beforeLook: Point = {
  arm: armDoubt,
  reach: (aim) => {
    const { requests } = aim.worker.provider;
    requests.holdFrom(/GET \/v2\/movies\?[^ ]*date_start/);
    return aim.untilCount('a look is asked for', () => requests.heldText().match(LOOKS)?.length ?? 0);
  },
};

/** The list was read, and the engine does not know what was seen. */
const afterLook: Point = {
  arm: armDoubt,
  reach: (aim) => {
    const { requests } = aim.worker.engine;
    requests.holdFrom(/"runId":"[^"]+","scanned"/);
    return aim.untilCount(
      'a look is made',
      () => requests.heldText().match(/"runId":"[^"]+","scanned"/g)?.length ?? 0,
    );
  },
};

export const LOOK_POINTS = { 'before a look': beforeLook, 'after a look': afterLook };

import { setTimeout as pause } from 'node:timers/promises';
import type { Aim, CellKey } from '../aim.js';
import { countSignals, eventsOf, viewOf } from '../engine-view.js';
import { until } from '../../support/until.js';
import type { Point } from './point.js';

const arm = (aim: Aim): Promise<void> => aim.holdRenders();

/** All keys hold a project and their renders go on. */
function untilRendering(aim: Aim): Promise<readonly CellKey[]> {
  return aim.gather('a check waits', async (key) => {
    const view = await viewOf(aim.stage.client, key);
    return (
      view?.pending.some(
        ({ type, attempt, isStarted }) => type === 'checkMovie' && attempt > 1 && !isStarted,
      ) === true
    );
  });
}

const pollWaiting: Point = { arm, reach: untilRendering };

const hintRecorded: Point = {
  arm,
  reach: async (aim) => {
    const { client, ledger } = aim.stage;
    const keys = await untilRendering(aim);
    aim.worker.engine.replies.hold();
    const before = new Map<string, number>();
    for (const { key } of keys) before.set(key, countSignals(await eventsOf(client, key)));
    await aim.releaseRenders(keys);
    const movies = await ledger.movies();
    for (const { key, wait } of keys) {
      // No webhook was asked for, or the forged one was the same to the engine: somebody else gives the hint.
      if (wait === 'webhook') continue;
      const project = movies.get(key)?.[0]?.project ?? '';
      await client.workflow.getHandle(key).signal('renderWebhook', { project });
    }
    const isHinted = async (key: string): Promise<boolean> =>
      countSignals(await eventsOf(client, key)) > (before.get(key) ?? 0);
    return aim.gather('a hint is recorded', isHinted, keys);
  },
};

/** Lets renders end and parks the next status request of each. Confirming GETs have less time, so they come last. */
async function parkPolls(aim: Aim, at: 'before' | 'after'): Promise<readonly CellKey[]> {
  const { fake } = aim.stage;
  const keys = await untilRendering(aim);
  const since = (await fake.requests({ call: 'status' })).at(-1)?.seq ?? 0;
  const isParked = async (key: string): Promise<boolean> =>
    (await fake.requests({ call: 'status', key, since })).some(({ ms }) => ms === 0);
  const isPolled = ({ wait }: CellKey): boolean => wait !== 'webhook';
  for (const some of [keys.filter(isPolled), keys.filter((key) => !isPolled(key))]) {
    for (const { key } of some) {
      await aim.fault({ match: { call: 'status', key }, effect: { kind: 'park', at }, times: 1 });
    }
    await aim.releaseRenders(some);
    await aim.gather('a status request is parked', isParked, some);
  }
  const there = await Promise.all(keys.map(({ key }) => isParked(key)));
  return keys.filter((_, index) => there[index]);
}

const pollInFlight: Point = { arm, reach: (aim) => parkPolls(aim, 'before') };

/** What a check or a confirming GET returns to the engine. */
const READING = /"says":"/g;

const pollReplyRead: Point = {
  arm,
  reach: async (aim) => {
    const keys = await parkPolls(aim, 'after');
    const { requests } = aim.worker.engine;
    requests.hold();
    await aim.lift();
    await until('a reading is on its way to the engine', () => READING.test(requests.heldText()), 60_000);
    const isReturned = (key: string): boolean => requests.heldText().includes(key);
    return aim.gather('a reading is on its way to the engine', isReturned, keys);
  },
};

const FOLLOW_MS = 1_000;

const resultComputed: Point = {
  arm,
  reach: async (aim) => {
    const keys = await untilRendering(aim);
    const { requests } = aim.worker.engine;
    requests.holdFrom(/"status":"(done|failed)","key"/);
    await aim.releaseRenders(keys);
    const isOnItsWay = ({ key }: CellKey): boolean => requests.heldText().includes(`"key":"${key}"`);
    await until('a result is on its way to the engine', () => keys.some(isOnItsWay), 90_000);
    // The first result holds the line: only those that are computed at the same time can follow.
    await pause(FOLLOW_MS);
    return keys.filter(isOnItsWay);
  },
};

export const WAIT_POINTS = {
  'poll waiting': pollWaiting,
  'hint recorded': hintRecorded,
  'poll in flight': pollInFlight,
  'poll reply read': pollReplyRead,
  'result computed': resultComputed,
};

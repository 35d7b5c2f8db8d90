import type { Aim } from '../aim.js';
import { countSignals, eventsOf, viewOf } from '../engine-view.js';
import { until } from '../../support/until.js';
import type { Point } from './point.js';

const arm = (aim: Aim): Promise<void> => aim.holdRenders();

/** All keys hold a project and their renders go on. */
function untilRendering(aim: Aim): Promise<readonly string[]> {
  return aim.untilAll('a check waits', async (key) => {
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
    const { client } = aim.stage;
    await untilRendering(aim);
    aim.worker.engine.replies.hold();
    const before = new Map<string, number>();
    for (const { key } of aim.keys) before.set(key, countSignals(await eventsOf(client, key)));
    await aim.releaseRenders();
    const movies = await aim.stage.ledger.movies();
    for (const { key, wait } of aim.keys) {
      // No webhook was asked for, or the forged one was the same to the engine: somebody else gives the hint.
      if (wait === 'webhook') continue;
      const project = movies.get(key)?.[0]?.project ?? '';
      await client.workflow.getHandle(key).signal('renderWebhook', { project });
    }
    return aim.untilAll(
      'a hint is recorded',
      async (key) => countSignals(await eventsOf(client, key)) > (before.get(key) ?? 0),
    );
  },
};

/** Lets all renders end and parks the next status request of each. Confirming GETs have less time, so they come last. */
async function parkPolls(aim: Aim, at: 'before' | 'after'): Promise<readonly string[]> {
  const { fake } = aim.stage;
  await untilRendering(aim);
  const [last] = (await fake.requests({ call: 'status' })).slice(-1);
  const since = last?.seq ?? 0;
  for (const { key } of aim.keys) {
    await aim.fault({ match: { call: 'status', key }, effect: { kind: 'park', at }, times: 1 });
  }
  const parked = async (key: string): Promise<boolean> =>
    (await fake.requests({ call: 'status', key, since })).some(
      ({ ms, status }) => ms === 0 && status === null,
    );
  const polled = aim.keys.filter(({ wait }) => wait !== 'webhook');
  const confirmed = aim.keys.filter(({ wait }) => wait === 'webhook');
  await aim.releaseRenders(polled);
  await aim.untilAll('a poll is parked', parked, polled);
  await aim.releaseRenders(confirmed);
  await aim.untilAll('a confirming GET is parked', parked, confirmed);
  const there = await Promise.all(aim.keys.map(async ({ key }) => ((await parked(key)) ? [key] : [])));
  return there.flat();
}

const pollInFlight: Point = { arm, reach: (aim) => parkPolls(aim, 'before') };

const pollReplyRead: Point = {
  arm,
  reach: async (aim) => {
    const there = await parkPolls(aim, 'after');
    const { requests } = aim.worker.engine;
    requests.hold();
    await aim.lift();
    await until('replies are on their way to the engine', () => {
      const says = requests.heldText().match(/"says":"/g)?.length ?? 0;
      return says >= there.length;
    });
    return there;
  },
};

const resultComputed: Point = {
  arm,
  reach: async (aim) => {
    await untilRendering(aim);
    const { requests } = aim.worker.engine;
    requests.holdFrom(/"status":"(done|failed)","key"/);
    await aim.releaseRenders();
    return until(
      'a result is on its way to the engine',
      () => {
        const held = requests.heldText();
        const there = aim.keys.filter(({ key }) => held.includes(`"key":"${key}"`));
        return there.length > 0 && there.map(({ key }) => key);
      },
      90_000,
    );
  },
};

export const WAIT_POINTS = {
  'poll waiting': pollWaiting,
  'hint recorded': hintRecorded,
  'poll in flight': pollInFlight,
  'poll reply read': pollReplyRead,
  'result computed': resultComputed,
};

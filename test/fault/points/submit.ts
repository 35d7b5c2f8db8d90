import type { Aim, CellKey } from '../aim.js';
import { eventsOf, isCompleted, viewOf } from '../engine-view.js';
import type { Point } from './point.js';

/** All keys must be there before the first of them is given up, on a busy machine; then the attempt is waited for. */
function attemptSeconds(keys: number): number {
  return Math.max(10, Math.min(3 * keys, keys + 24));
}

/** Connecting has a fifth of an attempt. */
function doorSeconds(keys: number): number {
  return Math.max(10, 3 * keys);
}

/** The worker is connecting. */
const beforeFence: Point = {
  submitTimeoutSeconds: doorSeconds,
  arm: ({ worker }) => worker.door.shut(),
  reach: (aim) => aim.count('the POST stands at the door', () => aim.worker.door.held()),
};

/** The engine has recorded `sending`, and its go-ahead is on its way. */
const fencePassed: Point = {
  submitTimeoutSeconds: doorSeconds,
  arm: ({ worker }) => worker.door.shut(),
  reach: async (aim) => {
    const { door, engine } = aim.worker;
    await aim.count('the POST stands at the door', () => door.held());
    engine.replies.hold();
    door.open();
    return aim.gather('the engine has recorded that it sends', async (key) => {
      const view = await viewOf(aim.stage.client, key);
      return view?.pending.some(({ type, hasHeartbeat }) => type === 'submitMovie' && hasHeartbeat) === true;
    });
  },
};

/** Less than headers and movie. */
const PART_BYTES = 2_000;

const bytesPartlySent: Point = {
  submitTimeoutSeconds: attemptSeconds,
  arm: ({ worker }) => worker.provider.requests.holdAfterBytes(PART_BYTES),
  reach: (aim) => aim.count('a part has passed', () => aim.worker.provider.requests.heldTexts().length),
};

function parkedPost(at: 'before' | 'after'): Point {
  return {
    submitTimeoutSeconds: attemptSeconds,
    arm: async (aim) => {
      for (const { key } of aim.keys) {
        await aim.fault({ match: { call: 'create', key }, effect: { kind: 'park', at }, times: 1 });
      }
    },
    reach: (aim) =>
      aim.gather('the POST has arrived', async (key) => {
        const [post] = await aim.stage.fake.requests({ call: 'create', key });
        return at === 'before' ? post !== undefined : post?.accepted === true;
      }),
  };
}

async function allReplied(aim: Aim): Promise<readonly CellKey[]> {
  return aim.count('the reply is read', () => aim.worker.gate.waiting());
}

const replyRead: Point = {
  submitTimeoutSeconds: attemptSeconds,
  arm: ({ worker }) => worker.gate.shut(),
  reach: allReplied,
};

const returned: Point = {
  submitTimeoutSeconds: attemptSeconds,
  arm: ({ worker }) => worker.gate.shut(),
  reach: async (aim) => {
    const { gate, engine } = aim.worker;
    await allReplied(aim);
    engine.requests.hold();
    gate.open();
    return aim.count(
      'the result is on its way',
      () => engine.requests.heldText().match(/"end":"(accepted|unknown)"/g)?.length ?? 0,
    );
  },
};

const completionRecorded: Point = {
  submitTimeoutSeconds: attemptSeconds,
  arm: ({ worker }) => worker.gate.shut(),
  reach: async (aim) => {
    const { gate, engine } = aim.worker;
    await allReplied(aim);
    engine.replies.hold();
    gate.open();
    return aim.gather('the result is recorded', async (key) =>
      isCompleted(await eventsOf(aim.stage.client, key), 'submitMovie'),
    );
  },
};

export const SUBMIT_POINTS = {
  'before the fence': beforeFence,
  'fence passed': fencePassed,
  'bytes partly sent': bytesPartlySent,
  'sent, not accepted': parkedPost('before'),
  'accepted, reply not read': parkedPost('after'),
  'reply read, not returned': replyRead,
  'returned, not recorded': returned,
  'completion recorded': completionRecorded,
};

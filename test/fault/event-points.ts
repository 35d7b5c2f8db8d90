import type { Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { eventsOf, isCompleted, viewOf } from './engine-view.js';
import type { TcpProxy } from './tcp-proxy.js';

/** A point at which a worker that sends an event is killed. */
export interface EventPoint {
  readonly name: string;
  /** Requests that reach the receiver, those after the kill included. */
  readonly requests: number;
  /** Attempts that the engine must count in the end: those that a worker has reported. */
  readonly attempts: number;
  /** The request reaches no receiver until the worker is killed. */
  readonly isUnsent?: boolean;
  /** What happens to the first requests, when one for each key is there. Resolves when the worker shall be killed. */
  readonly first?: (there: There) => Promise<void>;
}

/** What a point can do about the first requests of all keys. */
interface There {
  /** Has the effects of the events, at most one for each ID. */
  readonly effect: () => void;
  /** Answers all of them. */
  readonly answer: (status: number) => void;
  /** The worker's connection to the engine. */
  readonly engine: TcpProxy;
  readonly stage: Stage;
  /** IDs of the workflows that send the events. */
  readonly workflowIds: () => Promise<readonly string[]>;
}

/** Longer than a worker takes to report the end of an attempt. */
const REPORTED_MS = 700;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function forAll(
  ids: readonly string[],
  what: string,
  isSo: (id: string) => Promise<boolean>,
): Promise<void> {
  await until(what, async () => (await Promise.all(ids.map(isSo))).every(Boolean));
}

/** Every step of sending. */
export const EVENT_POINTS: readonly EventPoint[] = [
  { name: 'before the request reaches the receiver', requests: 1, attempts: 1, isUnsent: true },
  { name: 'before the effect', requests: 2, attempts: 1, first: async () => undefined },
  {
    name: 'after the effect, before the reply',
    requests: 2,
    attempts: 1,
    first: async ({ effect }) => effect(),
  },
  {
    name: 'after the reply, before the engine hears of it',
    requests: 2,
    attempts: 1,
    first: async ({ effect, answer, engine }) => {
      effect();
      engine.requests.hold();
      answer(204);
      await pause(REPORTED_MS);
    },
  },
  {
    name: 'after the engine has heard of it, before the workflow ends',
    requests: 1,
    attempts: 1,
    first: async ({ effect, answer, engine, stage, workflowIds }) => {
      effect();
      const ids = await workflowIds();
      engine.replies.hold();
      answer(204);
      await forAll(ids, 'the activity is completed', async (id) =>
        isCompleted(await eventsOf(stage.client, id), 'sendEvent'),
      );
    },
  },
  {
    name: 'after an attempt in vain, before its heartbeat',
    requests: 2,
    attempts: 1,
    first: async ({ answer, engine }) => {
      engine.requests.hold();
      answer(500);
      await pause(REPORTED_MS);
    },
  },
  {
    name: 'after an attempt in vain was counted',
    requests: 2,
    attempts: 2,
    first: async ({ answer, stage, workflowIds }) => {
      const ids = await workflowIds();
      answer(500);
      await forAll(ids, 'the next attempt is planned', async (id) => {
        const [activity] = (await viewOf(stage.client, id))?.pending ?? [];
        return activity !== undefined && activity.attempt > 1 && !activity.isStarted;
      });
    },
  },
];

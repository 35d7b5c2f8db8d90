import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, inject } from 'vitest';
import { type Activities, createActivities } from '../../src/activities/index.js';
import type { DeliveryAttempt, EventSender } from '../../src/events/sender.js';
import { type Announcement, afterId } from '../../src/render/event.js';
import type { Follow, NotifyTarget } from '../../src/render/follow.js';
import { type KeepVideoRequest, type KeptVideo, VIDEO_LOST } from '../../src/render/kept.js';
import type { RenderOptionsInput } from '../../src/render/options.js';
import type { Outcome } from '../../src/render/outcome.js';
import { ScriptedProvider } from './scripted-provider.js';
import { hostRenders, openSkippedTime, type RenderHandle } from './time-skipping.js';

type Environment = Awaited<ReturnType<typeof openSkippedTime>>;

/** One attempt to deliver, on the engine's clock. */
interface MadeAttempt extends Announcement {
  readonly to: NotifyTarget;
  readonly atMs: number;
}

export const DELIVERED: DeliveryAttempt = { end: 'delivered', status: 204 };

/** What follows the renders of a worker: receivers and a store by script. */
export interface ScriptedFollowing {
  /** A test may change it while the worker runs. */
  readonly follow: () => Follow;
  readonly attempt: EventSender['attempt'];
  readonly keep: (request: KeepVideoRequest) => Promise<KeptVideo>;
}

/** Creates the activities of a worker whose receivers and store are scripted. */
export function followedActivities(
  given: Parameters<typeof createActivities>[0],
  { follow, attempt, keep }: ScriptedFollowing,
): Activities {
  const activities = createActivities({
    ...given,
    events: { attempt, close: async () => undefined },
    random: () => 0.5,
    get follow() {
      return follow();
    },
  });
  return { ...activities, keepVideo: keep };
}

/** A time-skipping engine whose worker has scripted receivers and a scripted store. */
export class AfterStage {
  provider = new ScriptedProvider();
  /** The worker's configuration. */
  follow: Follow = { keep: false, notify: ['default'] };
  /** What an attempt meets; delivered by default. */
  receive: (attempt: MadeAttempt, number: number) => DeliveryAttempt = () => DELIVERED;
  attempts: MadeAttempt[] = [];
  /** Makes a copy; `lost` and `later` are failures. */
  keep: (request: KeepVideoRequest) => KeptVideo | Promise<KeptVideo> = copyOf;
  copies: KeepVideoRequest[] = [];
  #env: Environment | undefined;
  #close: () => Promise<void> = async () => undefined;

  get env(): Environment {
    if (this.#env === undefined) throw new Error('the stage is opened before each test');
    return this.#env;
  }

  async open(): Promise<void> {
    Object.assign(this, new AfterStage());
    this.#env = await openSkippedTime();
    this.provider.useClock(this.#env);
    this.#close = await hostRenders(this.#env, this.provider, false, {
      bundle: inject('workflowBundle'),
      createActivities: (given) =>
        followedActivities(given, {
          follow: () => this.follow,
          attempt: async (event, to) => {
            const attempt = { ...event, to, atMs: await this.env.currentTimeMs() };
            this.attempts.push(attempt);
            return this.receive(attempt, this.attempts.length);
          },
          keep: async (request) => {
            this.copies.push(request);
            return this.keep(request);
          },
        }),
    });
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** Starts a render as a client in another language would. */
  async start(options: RenderOptionsInput = {}, key = `key-${randomUUID()}`): Promise<RenderHandle> {
    const fingerprint = 'f'.repeat(64);
    return this.env.client.workflow.start<(request: unknown) => Promise<Outcome>>('renderMovie', {
      workflowId: key,
      taskQueue: 'renderonce',
      args: [{ movie: { scenes: [] }, fingerprint, caller: randomUUID(), options }],
      memo: { fingerprint },
      workflowExecutionTimeout: '30 days',
    });
  }

  /** Runs a render and all that follows it. Returns its handle and that of the workflow that follows. */
  async run(options: RenderOptionsInput = {}) {
    const handle = await this.start(options);
    await handle.result().catch(() => undefined);
    return { handle, after: await this.afterOf(handle) };
  }

  async afterOf(handle: RenderHandle) {
    const { runId } = await handle.describe();
    return this.env.client.workflow.getHandle(afterId(handle.workflowId, runId));
  }
}

/** Opens a stage for every test of the file. */
export function afterStage(): AfterStage {
  const stage = new AfterStage();
  beforeEach(() => stage.open());
  afterEach(() => stage.close());
  return stage;
}

/** A copy as a store reports it. */
export function copyOf({ key, project }: KeepVideoRequest): KeptVideo {
  const store = `s3://videos/${key}/${project}.mp4`;
  return { project, store, sha256: 'a'.repeat(64), sizeBytes: 1_000, keptAt: '2026-11-24T11:00:01.000Z' };
}

/** The video can never be kept. */
export function lost(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: VIDEO_LOST, message, nonRetryable: true });
}

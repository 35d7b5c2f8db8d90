import { callCommand } from './call-command.js';
import { CARD, type Stage } from './stage.js';
import { until } from './until.js';

/** The shortest doubt that the options allow; a person decides about it. */
export const DOUBT_TERMS = { submitTimeoutSeconds: 10, settleSeconds: 30, resubmissions: 0 } as const;

/** Holding a key takes the whole settle window, and engines that share two cores are slow. */
export const HELD_WITHIN_MS = 120_000;

export const SIGNED = { by: 'anna', why: 'seen in the dashboard' } as const;

/** A stage with renders in doubt. */
export class Doubt {
  readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** Starts a render whose first POST is lost; `accepted`: the provider has the movie, and its list does not tell. */
  async lose(key: string, accepted: boolean): Promise<void> {
    const { fake, renders } = this.stage;
    const kind = accepted ? 'reset-after' : 'reset-before';
    await fake.fault({ match: { call: 'create', key }, effect: { kind }, times: 1 });
    if (accepted) await fake.fault({ match: { call: 'list', key }, effect: { kind: 'list', omit: true } });
    await renders.start(key, CARD, DOUBT_TERMS);
  }

  isIn(key: string, state: string): Promise<unknown> {
    return until(
      `${key} is ${state}`,
      async () => (await this.stage.renders.status(key)).state === state,
      HELD_WITHIN_MS,
    );
  }

  /** The projects that the provider accepted under a key. */
  async paid(key: string): Promise<string[]> {
    return (await this.stage.fake.movies(key)).map(({ project }) => project);
  }

  /** `renderonce resolve`, signed; what it prints, with its exit code. */
  async resolve(...args: string[]): Promise<Record<string, unknown>> {
    const signed = ['--by', SIGNED.by, '--why', SIGNED.why, '--json'];
    const ran = await callCommand(['resolve', ...args, ...signed], this.stage.env);
    const document: unknown = JSON.parse(ran.stdout);
    return { code: ran.code, ...(document as object) };
  }

  /** Waits until a worker has begun an activity of the key's. */
  async isAsking(activity: string, key: string): Promise<unknown> {
    return until(`${activity} is under way`, async () => {
      const { raw } = await this.stage.client.workflow.getHandle(key).describe();
      return (raw.pendingActivities ?? []).some(
        ({ activityType, lastStartedTime }) => activityType?.name === activity && Boolean(lastStartedTime),
      );
    });
  }
}

import type { Json2Video } from '../json2video/client.js';
import { PROBED_CAUSES, type SubmissionEvidence } from '../render/submission.js';

/** The account is read at most this often. */
const READ_EVERY_MS = 60_000;

/** Guard of a worker on the credits of its account: it sends nothing while they are below a floor. */
export class CreditFloor {
  readonly #json2video: Pick<Json2Video, 'probe'>;
  readonly #floor: number | undefined;
  readonly #monotonicNow: () => number;
  #last: { readonly atMs: number; readonly left: Promise<number | undefined> } | undefined;

  constructor(json2video: Pick<Json2Video, 'probe'>, floor: number | undefined, monotonicNow: () => number) {
    this.#json2video = json2video;
    this.#floor = floor;
    this.#monotonicNow = monotonicNow;
  }

  /** Returns why nothing may be sent. An account whose credits cannot be read is not stopped: its POST says what it lacks. */
  async evidence(): Promise<SubmissionEvidence | undefined> {
    if (this.#floor === undefined) return undefined;
    const left = await this.#creditsLeft();
    if (left === undefined || left >= this.#floor) return undefined;
    const message = `the account has ${left} credits left, and RENDERONCE_CREDITS_FLOOR is ${this.#floor}`;
    return { from: 'preparation', waitingFor: PROBED_CAUSES.floor, message };
  }

  #creditsLeft(): Promise<number | undefined> {
    const atMs = this.#monotonicNow();
    if (this.#last === undefined || atMs - this.#last.atMs >= READ_EVERY_MS) {
      this.#last = { atMs, left: this.#json2video.probe().then(({ creditsLeft }) => creditsLeft) };
    }
    return this.#last.left;
  }
}

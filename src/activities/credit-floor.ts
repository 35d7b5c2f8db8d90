import { setTimeout as pause } from 'node:timers/promises';
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

  /**
   * Returns why nothing may be sent. An account whose credits cannot be read is not stopped: its POST says what it lacks.
   * Without an answer until the deadline, nothing is sent now.
   */
  async evidence(deadlineMs: number): Promise<SubmissionEvidence | undefined> {
    if (this.#floor === undefined) return undefined;
    const left = await before(deadlineMs, this.#creditsLeft());
    if (left === undefined || (left !== 'late' && left >= this.#floor)) return undefined;
    const message =
      left === 'late'
        ? 'the credits of the account could not be read in time'
        : `the account has ${left} credits left, and RENDERONCE_CREDITS_FLOOR is ${this.#floor}`;
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

/** Waits for work until a time at most. Other submissions share the work, so it goes on. */
async function before<T>(deadlineMs: number, work: Promise<T>): Promise<T | 'late'> {
  const timer = new AbortController();
  // A timer takes whole milliseconds.
  const leftMs = Math.max(1, Math.floor(deadlineMs - Date.now()));
  const late = pause(leftMs, 'late' as const, { signal: timer.signal });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => undefined);
    timer.abort();
  }
}

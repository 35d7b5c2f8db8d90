import { CancellationScope, condition } from '@temporalio/workflow';
import { effectOfNext, endWithout } from './decide.js';
import type { DecisionEnd } from './decisions.js';
import { adopt, claimHinted } from './look.js';
import type { Render } from './render.js';
import type { SubmissionEnd } from './submission.js';

/** The movie is not at the provider, or a person takes it for that: it may be sent. `lookedInRun` is the run of the last look. */
export interface Absent {
  readonly end: 'absent';
  readonly lookedInRun: string;
  /** A person wants it sent again, whatever the options say. */
  readonly decided?: boolean;
}

export type Settled = SubmissionEnd | Absent;

/** A submission of which it is not known whether it was accepted. */
export interface Doubt {
  readonly render: Render;
  readonly message: string;
  /** After this time nothing that was sent can turn up any more. */
  readonly settledAtMs: number;
  /** Whether nothing may be sent any more, because the render was cancelled or its last submission rejected. */
  readonly isOver: () => boolean;
}

/** Looks, hints and people try to settle a doubt; the first that can does, and ends the others. */
export async function firstToSettle(doubt: Doubt, looks: () => Promise<Settled>): Promise<Settled> {
  const { hints, decisions } = doubt.render;
  const claims = new UnderWay(() => hints.waiting);
  const choices = new UnderWay(() => decisions.next !== undefined);
  const looking = async (): Promise<Effect> => {
    const settled = await looks();
    // Absent counts only when nobody is just asking after the very project, or the movie would be sent again.
    if (settled.end === 'absent') await condition(() => claims.areOver && choices.areOver);
    return { settled };
  };
  const hinted = async (): Promise<Effect> => {
    const found = await claims.untilOne(() => claimHinted(doubt.render));
    return { settled: adopt(found) };
  };
  const decided = async (): Promise<Effect> => {
    const effect = await choices.untilOne(async () => {
      const { end, settled } = await effectOfNext(doubt);
      if (settled !== undefined) return { end, settled };
      decisions.ended(end);
      return undefined;
    });
    if (effect.settled.end === 'absent') await condition(() => claims.areOver);
    return effect;
  };
  const scope = new CancellationScope();
  let settled: Settled | undefined;
  decisions.open();
  try {
    const first = await scope.run(() => Promise.race([looking(), hinted(), decided()]));
    if (first.end !== undefined) decisions.ended(first.end);
    settled = first.settled;
    return settled;
  } finally {
    decisions.close(() => endWithout(settled));
    scope.cancel();
  }
}

/** How a doubt was settled, and, where a decision did it, what that came to. */
interface Effect {
  readonly settled: Settled;
  readonly end?: DecisionEnd;
}

/** Inquiries of one kind: those that wait and the one that is being made. */
class UnderWay {
  readonly #isWaiting: () => boolean;
  #isAsking = false;

  constructor(isWaiting: () => boolean) {
    this.#isWaiting = isWaiting;
  }

  get areOver(): boolean {
    return !this.#isAsking && !this.#isWaiting();
  }

  /** Makes one inquiry after the other until one has an answer. */
  async untilOne<T>(ask: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      await condition(this.#isWaiting);
      this.#isAsking = true;
      const answer = await ask().finally(() => (this.#isAsking = false));
      if (answer !== undefined) return answer;
    }
  }
}

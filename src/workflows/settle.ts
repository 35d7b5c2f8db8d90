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
  const { decisions } = doubt.render;
  const asking = new Asking(doubt.render);
  const looking = async (): Promise<Effect> => {
    const settled = await looks();
    // Absent counts only when nobody is just asking after the very project, or the movie would be sent again.
    if (settled.end === 'absent') await condition(() => asking.isIdle);
    return { settled };
  };
  const scope = new CancellationScope();
  let settled: Settled | undefined;
  decisions.open();
  try {
    const first = await scope.run(() =>
      Promise.race([looking(), hinted(doubt, asking), decided(doubt, asking)]),
    );
    if (first.end !== undefined) decisions.ended(first.end);
    settled = first.settled;
    return settled;
  } finally {
    decisions.close(() => endWithout(settled));
    scope.cancel();
  }
}

/** Requests to the provider about a project that somebody has named. */
class Asking {
  readonly #render: Render;
  #underWay = 0;

  constructor(render: Render) {
    this.#render = render;
  }

  get isIdle(): boolean {
    const { hints, decisions } = this.#render;
    return this.#underWay === 0 && !hints.waiting && decisions.next === undefined;
  }

  async ask<T>(question: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    return question().finally(() => (this.#underWay -= 1));
  }
}

async function hinted({ render }: Doubt, asking: Asking): Promise<Effect> {
  for (;;) {
    await condition(() => render.hints.waiting);
    const found = await asking.ask(() => claimHinted(render));
    if (found !== undefined) return { settled: adopt(found) };
  }
}

async function decided(doubt: Doubt, asking: Asking): Promise<Effect> {
  const { decisions } = doubt.render;
  for (;;) {
    await condition(() => decisions.next !== undefined);
    const { end, settled } = await asking.ask(() => effectOfNext(doubt));
    if (settled !== undefined) return { end, settled };
    decisions.ended(end);
  }
}

/** How a doubt was settled, and, where a decision did it, what that came to. */
interface Effect {
  readonly settled: Settled;
  readonly end?: DecisionEnd;
}

/** How much of everything is measured. Counts are of keys, `atOnce` of callers. */
export interface Plan {
  readonly rounds: number;
  /** Before anything is measured: code is compiled, connections are made. These keys are asked for again by `dedupe`. */
  readonly warmUps: number;
  readonly floor: Load;
  /** Its webhook comes at once, in most renders before the submission's end is recorded. */
  readonly webhook: Load;
  /** Renders whose webhook comes after `WEBHOOK_AFTER_MS`. Most callers wait, and enough others keep the machine busy. */
  readonly webhook3s: Load;
  /** A render by polling takes 5 s at the least, so many must be under way at once to find the rate. */
  readonly polling: Load;
  readonly dedupe: Load;
  /** Submissions by the HTTP API, and as many by `submitOnce`. */
  readonly http: Load;
  /** Calls one after the other, for latencies. */
  readonly samples: number;
  /** Rounds of callers who all call at the same moment. */
  readonly crowds: number;
  readonly startUps: number;
  readonly moviesOfASize: number;
  /** Renders under way at once; 0 leaves it out. */
  readonly inFlight: number;
}

export interface Load {
  readonly count: number;
  readonly atOnce: number;
}

/** A caller's deadline: a machine that is full may keep a submission waiting for longer than the usual 30 s. */
export const DEADLINE_MS = 120_000;

/** Callers at once where a crowd is measured. */
export const CROWD = 50;

/** Longer than a submission takes also under load, so that the webhook finds a waiting workflow. */
export const WEBHOOK_AFTER_MS = 3_000;

/** 3 s at 65 renders a second, and a crowd. */
const CROWD_WITH_WAITING = 250;

export const FULL: Plan = {
  rounds: 5,
  warmUps: 200,
  floor: { count: 1_000, atOnce: CROWD },
  webhook: { count: 1_000, atOnce: CROWD },
  webhook3s: { count: 1_000, atOnce: CROWD_WITH_WAITING },
  polling: { count: 1_000, atOnce: 500 },
  dedupe: { count: 2_000, atOnce: CROWD },
  http: { count: 500, atOnce: CROWD },
  samples: 100,
  crowds: 5,
  startUps: 7,
  moviesOfASize: 50,
  inFlight: 10_000,
};

/** Some minutes. */
export const QUICK: Plan = {
  rounds: 5,
  warmUps: 100,
  floor: { count: 150, atOnce: CROWD },
  webhook: { count: 150, atOnce: CROWD },
  webhook3s: { count: 500, atOnce: CROWD_WITH_WAITING },
  polling: { count: 150, atOnce: 150 },
  dedupe: { count: 300, atOnce: CROWD },
  http: { count: 150, atOnce: CROWD },
  samples: 20,
  crowds: 2,
  startUps: 5,
  moviesOfASize: 5,
  inFlight: 0,
};

/** The same plan with this share of every count; rounds, callers and the 10,000 stay. */
export function shareOf(plan: Plan, share: number): Plan {
  const part = (count: number): number => Math.max(1, Math.round(count * share));
  const load = ({ count, atOnce }: Load): Load => ({ count: part(count), atOnce });
  return {
    ...plan,
    warmUps: part(plan.warmUps),
    floor: load(plan.floor),
    webhook: load(plan.webhook),
    // All callers must be busy for a while, or the rate is that of the first crowd's end.
    webhook3s: { ...plan.webhook3s, count: Math.max(4 * plan.webhook3s.atOnce, part(plan.webhook3s.count)) },
    polling: load(plan.polling),
    dedupe: load(plan.dedupe),
    http: load(plan.http),
    samples: part(plan.samples),
    crowds: part(plan.crowds),
    startUps: part(plan.startUps),
    moviesOfASize: part(plan.moviesOfASize),
  };
}

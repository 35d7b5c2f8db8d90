import type { FaultRuleInput } from 'json2video-local';

type Effect = FaultRuleInput['effect'];

/** What happens to one key while it is asked for. */
export interface FaultyKey {
  readonly key: string;
  readonly what: FaultName;
  /** How many ask for it at the same moment. */
  readonly callers: number;
  /** What provider and network do to it; a fault of the POST does so once. */
  readonly effects: readonly Effect[];
}

/** The events of the demo that can cost money or a render. */
const FAULTS = [
  { what: 'calm', callers: 1, effects: [] },
  { what: 'crowd', callers: 10, effects: [] },
  { what: 'lost-reply', callers: 1, effects: [{ kind: 'reset-after' }] },
  { what: 'crowd-and-lost-reply', callers: 5, effects: [{ kind: 'reset-after' }] },
  { what: 'killed-before-it-was-stored', callers: 1, effects: [{ kind: 'park', at: 'after' }] },
  {
    what: 'webhook-early-and-three-times',
    callers: 1,
    effects: [
      { kind: 'webhook', action: 'early' },
      { kind: 'webhook', action: 'duplicate', n: 3 },
    ],
  },
  { what: 'webhook-late', callers: 1, effects: [{ kind: 'webhook', action: 'late', ms: 3_000 }] },
  { what: 'webhook-lost', callers: 1, effects: [{ kind: 'webhook', action: 'lose' }] },
] as const satisfies readonly { what: string; callers: number; effects: readonly Effect[] }[];

export type FaultName = (typeof FAULTS)[number]['what'];

/** The fault during which the process that talks to the provider is killed. */
export const KILLED: FaultName = 'killed-before-it-was-stored';

/** The same keys with the same faults for whoever is measured, in an order that the seed shuffles. */
export function faultList(prefix: string, keysOfEach: number, random: () => number): FaultyKey[] {
  const list = FAULTS.flatMap((fault) =>
    Array.from({ length: keysOfEach }, (_, index): FaultyKey => ({
      key: `${prefix}-${fault.what}-${index}`,
      ...fault,
    })),
  );
  return list
    .map((entry) => ({ entry, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ entry }) => entry);
}

/** The rules with which the provider does that. */
export function rulesOf({ key, effects }: FaultyKey): FaultRuleInput[] {
  return effects.map((effect) => ({
    match: { call: 'create', key },
    effect,
    // A webhook's fault is about the movie, however often it is submitted; the others hit the first POST.
    ...(effect.kind === 'webhook' ? {} : { times: 1 }),
  }));
}

import { pick, type Random } from '../../../support/random.js';
import { between, chance, weighted } from '../draw.js';
import {
  type Act,
  CALLERS,
  type CallerName,
  type Deed,
  type Submitting,
  type Trigger,
  type Variant,
} from './script.js';

export function act(on: Trigger, afterMs: number, deed: Deed): Act {
  return { on, afterMs, deed };
}

function someCaller(random: Random): CallerName {
  return pick(random, CALLERS);
}

/** Draws a call that submits one of the key's movies. */
export function submitting(random: Random, movie: Variant, restart = false): Submitting {
  return {
    do: pick(random, ['submitOnce', 'submitOnce', 'render', 'start']),
    caller: someCaller(random),
    movie,
    restart,
    deadlineMs: pick(random, [6_000, 10_000, 30_000]),
  };
}

export function cancelling(random: Random): Deed {
  return { do: 'cancel', caller: someCaller(random) };
}

/** Draws a reset of any type, to any point. */
export function resetting(random: Random): Deed {
  return {
    do: 'reset',
    to: pick(random, ['first', 'last', 'any', 'any']),
    draw: random(),
    without: pick(random, [[], [], ['signals'], ['updates'], ['signals', 'updates']] as const),
    older: chance(random, 0.1),
  };
}

export function deciding(random: Random, action: 'adopt' | 'resubmit' | 'abandon', force: boolean): Deed {
  return {
    do: 'decide',
    caller: someCaller(random),
    action,
    force: force && action !== 'abandon',
    ...(action === 'adopt' ? { foreign: chance(random, 0.3) } : {}),
  };
}

const ANY_TRIGGER: readonly Trigger[] = [
  'at once',
  'open',
  'waiting',
  'unknown',
  'held',
  'rendering',
  'closed',
];

/** Draws one to four deeds of any kind, at any time. */
export function anything(random: Random): readonly Act[] {
  return Array.from({ length: between(random, 1, 4) }, () =>
    act(pick(random, ANY_TRIGGER), between(random, 0, 12_000), anyDeed(random)),
  );
}

function anyDeed(random: Random): Deed {
  const what = weighted(random, {
    call: 5,
    result: 1,
    status: 2,
    cancel: 2,
    adopt: 1,
    resubmit: 2,
    abandon: 1,
    reset: 4,
    terminate: 2,
    delete: 1,
  });
  switch (what) {
    case 'call':
      return submitting(random, pick(random, ['a', 'a', 'b']), chance(random, 0.4));
    case 'result':
    case 'status':
    case 'cancel':
      return { do: what, caller: someCaller(random) };
    case 'adopt':
    case 'resubmit':
    case 'abandon':
      return deciding(random, what, chance(random, 0.5));
    case 'reset':
      return resetting(random);
    case 'terminate':
    case 'delete':
      return { do: what };
  }
}

import { pick, type Random } from '../../../support/random.js';
import { between, chance, weighted } from '../draw.js';

/** The provider's way with the movies of one key. */
export type Nature =
  /** Accepts, and says so. */
  | 'calm'
  /** The first reply is mostly lost, accepted or not. */
  | 'lossy'
  /** Rejects movie `a` for good; loses replies of others. */
  | 'stern'
  /** Refuses for want of credits or in passing, then loses replies. */
  | 'poor';

/** A failure that the client sees instead of the reply. */
export type Loss =
  | 'silence'
  | 'reset'
  | 'cut'
  | 'html 502'
  | 'json 500'
  | 'html 504'
  | '408'
  | '307'
  | 'no project'
  | 'not JSON'
  | 'success false';

/** The course of one POST. */
export type Fate =
  | { readonly do: 'accept'; readonly afterMs: number; readonly reply: 'whole' | Loss }
  | { readonly do: 'lose'; readonly afterMs: number; readonly reply: Loss }
  | { readonly do: 'refuse'; readonly status: number; readonly message: string; readonly retryAfter?: number }
  | { readonly do: 'reject'; readonly status: number; readonly message: string };

const LOSSES: readonly Loss[] = [
  'silence',
  'silence',
  'reset',
  'reset',
  'cut',
  'html 502',
  'json 500',
  'html 504',
  '408',
  '307',
  'no project',
  'not JSON',
  'success false',
];

/** Refusals of 2.5 that say nothing of the movie. A status without a message comes from a gateway. */
const REFUSALS: readonly (readonly [number, string])[] = [
  [429, ''],
  [429, 'Too many requests'],
  [400, 'Insufficient credits'],
  [401, 'You exceeded the quota of movies in your plan. Please upgrade your plan to continue.'],
  [403, 'account_suspended'],
  [403, 'Insufficient permissions'],
  [400, 'Error: Invalid API Key'],
  [403, ''],
];

/** Faults of movies; two name what is the account's otherwise. */
const REJECTIONS: readonly (readonly [number, string])[] = [
  [400, "Property 'text' is required in movie/scenes[0]/elements[0]"],
  [400, "Property 'api_key' is required in movie/scenes[0]/elements[0]/connection"],
  [400, "Variable 'quota' is not defined in movie/scenes[0]/elements[0]"],
  [401, 'Movie is larger (1920x1080) than your plan allowance (1280x720)'],
  [413, 'Request entity too large'],
  [404, 'Template not found'],
];

/** Draws the course of the n-th POST under a key, counted from 1; `variant` is which of its movies is sent. */
export function fateOf(random: Random, nature: Nature, variant: string, n: number): Fate {
  if (nature === 'calm') return { do: 'accept', afterMs: between(random, 0, 300), reply: 'whole' };
  if (nature === 'stern' && variant === 'a') {
    const [status, message] = pick(random, REJECTIONS);
    return { do: 'reject', status, message };
  }
  if (nature === 'poor' && n <= 2) {
    const [status, message] = pick(random, REFUSALS);
    return {
      do: 'refuse',
      status,
      message,
      ...(chance(random, 0.4) ? { retryAfter: between(random, 1, 3) } : {}),
    };
  }
  return lossyFate(random, n);
}

function lossyFate(random: Random, n: number): Fate {
  const what = weighted(
    random,
    n === 1 ? { 'accept, lose': 6, lose: 2, accept: 2 } : { 'accept, lose': 3, lose: 1, accept: 6 },
  );
  // A late acceptance may come when the client has gone.
  const afterMs = chance(random, 0.35) ? between(random, 2_000, 6_000) : between(random, 0, 300);
  const reply = pick(random, LOSSES);
  switch (what) {
    case 'accept':
      return { do: 'accept', afterMs, reply: 'whole' };
    case 'accept, lose':
      return { do: 'accept', afterMs, reply };
    case 'lose':
      return { do: 'lose', afterMs, reply };
  }
}

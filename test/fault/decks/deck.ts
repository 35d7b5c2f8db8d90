import type { Random } from '../../support/random.js';
import { pick } from '../../support/random.js';
import { playBudgetCrowd } from '../budget-crowd.js';
import { playEngineKills } from '../engine-kills.js';
import { playEventKills } from '../event-kills.js';
import { EVENT_POINTS } from '../event-points.js';
import { playKeepKills } from '../keep-kills.js';
import { KEEP_POINTS } from '../keep-points.js';
import { play } from '../random/play.js';
import type { Outcome } from '../report/outcome.js';
import { playUpKills } from '../up-kills.js';
import { playVersionKills } from '../version-kills.js';
import {
  ofBudgets,
  ofEngineKills,
  ofEventKills,
  ofKeepKills,
  ofRandom,
  ofUpKills,
  ofVersionKills,
} from './outcomes.js';

/** An experiment that has an engine of its own, and checks of its own. */
export type Deck =
  | {
      readonly kind: 'engine kills' | 'up kills' | 'version kills';
      readonly seed: number;
      readonly rounds: number;
      /** Callers that submit at the same time, 8 of `up` and else 20 by default. */
      readonly callers?: number;
      /** Pause of a caller of `up` between two keys; none by default. */
      readonly pauseMs?: number;
    }
  /** So many keys stand at each point, 1 by default. */
  | { readonly kind: 'event kills'; readonly keysOfEach?: number }
  | { readonly kind: 'keep kills'; readonly keysOfEach?: 1 | 2 }
  /** So many submissions in each crowd, 1,000 by default. */
  | { readonly kind: 'budget crowd'; readonly seed: number; readonly submissions?: number }
  | { readonly kind: 'random'; readonly seed: number; readonly providers: number; readonly onDisk: boolean };

const KINDS: readonly Deck['kind'][] = [
  'engine kills',
  'up kills',
  'version kills',
  'event kills',
  'keep kills',
  'budget crowd',
  'random',
];

export function isDeck(cell: { readonly kind: string }): cell is Deck {
  return KINDS.some((kind) => kind === cell.kind);
}

/** How often each is dealt: the random operators play most keys in a minute. */
const WEIGHTS: readonly (readonly [Deck['kind'], number])[] = [
  ['random', 0.25],
  ['engine kills', 0.15],
  ['up kills', 0.15],
  ['version kills', 0.1],
  ['event kills', 0.15],
  ['keep kills', 0.1],
  ['budget crowd', 0.1],
];

/** Many kills in one cell, under the load of some callers. */
const ENGINE = { rounds: 10, callers: 12 } as const;
/** These are more: each process of `up` is killed in its turn. */
const UP = { rounds: 16, callers: 4, pauseMs: 2_000 } as const;

/** Each of them moves the tasks and kills a worker. */
const VERSIONS = { rounds: 10, callers: 24 } as const;

/** Keys that stand at each point of sending an event. */
const EVENT_KEYS = 12;
/** Keys that stand at each point of keeping a video: a worker makes two copies at once. */
const KEEP_KEYS = 2;

/** Few enough to share the machine with other cells. */
const SUBMISSIONS = 120;
const PROVIDERS = 2;
const KEYS_EACH = 30;
const SPREAD_MS = 60_000;

export function drawDeck(random: Random): Deck {
  let dice = random();
  const seed = Math.floor(random() * 2 ** 31);
  const [kind] = WEIGHTS.find(([, weight]) => (dice -= weight) < 0) ?? ['random'];
  switch (kind) {
    case 'engine kills':
      return { kind, seed, ...ENGINE };
    case 'up kills':
      return { kind, seed, ...UP };
    case 'version kills':
      return { kind, seed, ...VERSIONS };
    case 'budget crowd':
      return { kind, seed, submissions: SUBMISSIONS };
    case 'random':
      return { kind, seed, providers: PROVIDERS, onDisk: pick(random, [true, false]) };
    case 'event kills':
      return { kind, keysOfEach: EVENT_KEYS };
    case 'keep kills':
      return { kind, keysOfEach: KEEP_KEYS };
  }
}

export function nameOfDeck(deck: Deck): string {
  if (deck.kind === 'random') {
    return `random operators and provider, ${deck.providers * KEYS_EACH} keys${deck.onDisk ? ', engine on disk' : ''}`;
  }
  return 'rounds' in deck ? `${deck.rounds} ${deck.kind}` : deck.kind;
}

/** This machine lacks what a deck needs. */
export class NotHere extends Error {}

/** It is not said what happens in it; what fails is said by its outcome. */
const quiet = (): void => undefined;

/**
 * Plays one of them.
 *
 * @throws {@link NotHere} without an S3 server; other errors where it could not be played
 */
export async function playDeck(deck: Deck): Promise<Outcome> {
  switch (deck.kind) {
    case 'engine kills':
      return ofEngineKills(deck.rounds, await playEngineKills({ ...deck, say: quiet }));
    case 'up kills':
      return ofUpKills(await playUpKills({ ...deck, say: quiet }));
    case 'version kills':
      return ofVersionKills(await playVersionKills({ ...deck, say: quiet }));
    case 'event kills': {
      const { keysOfEach = 1 } = deck;
      const kills = { points: EVENT_POINTS, keysOfEach, say: quiet, engine: 'memory' } as const;
      return ofEventKills(keysOfEach, await playEventKills(kills));
    }
    case 'keep kills': {
      const { keysOfEach = 1 } = deck;
      const kills = { points: KEEP_POINTS, keysOfEach, say: quiet, engine: 'memory' } as const;
      const violations = await playKeepKills(kills);
      if (typeof violations === 'string') throw new NotHere(violations);
      return ofKeepKills(keysOfEach, violations);
    }
    case 'budget crowd':
      return ofBudgets(await playBudgetCrowd(deck.seed, quiet, deck.submissions));
    case 'random': {
      const { seed, onDisk } = deck;
      const providers = Array.from({ length: deck.providers }, (_, index) => index + 1);
      return ofRandom(
        onDisk,
        await play({ seed, batch: 1, providers, keysEach: KEYS_EACH, spreadMs: SPREAD_MS, onDisk }),
      );
    }
  }
}

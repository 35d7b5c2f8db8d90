import { PARTS } from '../support/family.js';
import { MODES, POINTS } from './cell.js';
import type { Deck } from './decks/deck.js';
import { killedAfter } from './decks/outcomes.js';
import { EVENT_POINTS } from './event-points.js';
import { HTTP_FAULTS } from './http-faults.js';
import { KEEP_POINTS } from './keep-points.js';
import { KILLS, RECOVERIES } from './pairs.js';
import type { Cell } from './run-cell.js';
import { ENGINE_STATES } from './run-engine.js';
import { CALLS } from './run-http.js';

/** Kinds of fault, by the names that they have in the report, with a number of strikes for each. */
export type Strikes = Readonly<Record<string, number>>;

/** Returns the kinds of fault that a cell can strike, and how often about, without playing it. */
export function kindsOf(cell: Cell | Deck): Strikes {
  switch (cell.kind) {
    case 'crash': {
      const { point, mode, second, cases } = cell;
      const kinds = [`${point} ${mode}`, ...(second ? [`then ${second.point} ${second.mode}`] : [])];
      return each(kinds, cases.length);
    }
    case 'http': {
      const kinds = HTTP_FAULTS.map(({ name }) => `${cell.call}: ${name}`);
      return each(kinds, (cell.call === 'list' ? cell.timesOfEach : cell.keysOfEach) ?? 1);
    }
    case 'callers':
      return { [`${cell.callers} callers at once`]: cell.keys };
    case 'receiver':
      return { [`receiver away ${cell.mode}`]: 3 * (cell.keysOfEach ?? 1) };
    case 'engine':
      return each(
        ENGINE_STATES.map((state) => `engine killed: ${state}`),
        2,
      );
    default:
      return kindsOfDeck(cell);
  }
}

function kindsOfDeck(deck: Deck): Strikes {
  switch (deck.kind) {
    case 'engine kills':
      return { 'engine killed under load': deck.rounds };
    case 'up kills': {
      const kinds = ['up', ...Object.keys(PARTS)].map((name) => `up: ${name} killed`);
      return each(kinds, Math.ceil(deck.rounds / kinds.length));
    }
    case 'version kills':
      return each(['shared', 'rolled'].map(killedAfter), Math.ceil(deck.rounds / 2));
    case 'event kills':
      return each(
        EVENT_POINTS.map(({ name }) => `events: killed ${name}`),
        deck.keysOfEach ?? 1,
      );
    case 'keep kills':
      return each(
        KEEP_POINTS.map(({ store, name }) => `kept: ${store}, killed ${name}`),
        deck.keysOfEach ?? 1,
      );
    case 'budget crowd':
      return { 'budget: worker killed in a crowd': 30 };
    case 'random':
      return {
        [`random provider and operators${deck.onDisk ? ', engine restarted' : ''}`]: 30 * deck.providers,
      };
  }
}

function each(kinds: readonly string[], strikes: number): Strikes {
  return Object.fromEntries(kinds.map((kind) => [kind, strikes]));
}

/** One cell at least for each kind. */
const EVERY: readonly (Cell | Deck)[] = [
  ...POINTS.flatMap((point) => MODES.map((mode) => ({ kind: 'crash', point, mode, cases: [] }) as const)),
  ...RECOVERIES.flatMap(({ from, to }) =>
    to.flatMap((point) =>
      KILLS.map((mode) => {
        const second = { point, mode };
        return { kind: 'crash', point: from, mode, second, cases: [] } as const;
      }),
    ),
  ),
  ...CALLS.map((call) => ({ kind: 'http', call }) as const),
  ...MODES.map((mode) => ({ kind: 'receiver', mode }) as const),
  { kind: 'callers', callers: 100, keys: 50 },
  { kind: 'engine' },
  { kind: 'engine kills', seed: 1, rounds: 6 },
  { kind: 'up kills', seed: 1, rounds: 6 },
  { kind: 'version kills', seed: 1, rounds: 6 },
  { kind: 'event kills' },
  { kind: 'keep kills' },
  { kind: 'budget crowd', seed: 1 },
  ...[true, false].map((onDisk) => ({ kind: 'random', seed: 1, providers: 3, onDisk }) as const),
];

/** All kinds of fault that are drawn. */
export const ALL_KINDS: readonly string[] = [...new Set(EVERY.flatMap((cell) => Object.keys(kindsOf(cell))))];

/** A kind of fault that has struck so many keys has been tried enough. */
export const ENOUGH_KEYS = 30;

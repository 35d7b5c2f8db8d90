import type { Done } from '../operators/perform.js';
import type { Called } from '../operators/processes.js';
import type { Deed } from '../operators/script.js';
import type { Accepted } from '../provider/movies.js';
import { checkKey, type Ended, type SeenKey } from './check.js';

/** Made-up sightings, for the controls of the checker. */
const at = (seconds: number): number => 1_000_000 + seconds * 1_000;

export const accepted = (...seconds: number[]): Accepted[] =>
  seconds.map((second, index) => ({
    project: `project-${index + 1}`,
    key: 'key',
    variant: 'a',
    account: index === 1 ? 'another account' : 'the account',
    atMs: at(second),
  }));

export const done = (deed: Deed, fromSecond: number, told?: Done['told'], tookSeconds = 1): Done => {
  const begun = { key: 'key', deed, fromMs: at(fromSecond), limitMs: 30_000 };
  return told === undefined ? begun : { ...begun, toMs: at(fromSecond + tookSeconds), told };
};

export const value = (project?: string, more: object = {}): Called => ({
  value: { ...(project === undefined ? {} : { project }), ...more },
});

export const error = (code: string, more: object = {}): Called => ({
  error: { code, isTyped: true, wasAborted: false, message: 'said', ...more },
});

export const CALL: Deed = {
  do: 'submitOnce',
  caller: 'plain',
  movie: 'a',
  restart: false,
  deadlineMs: 10_000,
};
export const RESTART: Deed = { ...CALL, restart: true };
export const RESULT: Deed = { do: 'result', caller: 'plain' };
export const DELETE: Deed = { do: 'delete' };
export const RESET: Deed = { do: 'reset', to: 'first', draw: 0, without: [], older: false };
export const decide = (action: 'resubmit' | 'adopt', force: boolean): Deed => ({
  do: 'decide',
  caller: 'plain',
  action,
  force,
});

export const CLOSED: Ended = { run: { isOpen: false, state: 'completed' } };

/** Checks a key of which only some is given. Returns its violations as text. */
export function found(seen: Partial<SeenKey>): string[] {
  const all = checkKey({
    key: 'key',
    nature: 'lossy',
    accepted: [],
    done: [],
    ended: CLOSED,
    signs: [],
    ...seen,
  });
  return all.map(({ rule, what }) => `${rule}: ${what}`);
}

import { AUDITED } from './audit-scenario.js';
import type { Bug } from './control.js';
import { HINT_FLOOD, LONG_RENDER } from './cost-scenarios.js';
import { UNDELIVERABLE } from './delivery-scenario.js';

/** Bugs that pay nothing twice and end no render wrongly: in what waiting costs, in the receiver, in the audit. */
export const OTHER_BUGS: readonly Bug[] = [
  {
    name: 'a check that finds the render going on tells the workflow',
    plants: [
      {
        file: 'activities/check-movie.js',
        from: 'throw stillWaiting(next.message, next.afterMs);',
        to: 'return reading;',
      },
    ],
    scenario: LONG_RENDER,
    breaks: 'class',
    shows: /events of history/,
  },
  {
    name: 'checks after an early hint are 1 s apart',
    plants: [{ file: 'render/waiting.js', from: 'const FLOOR_MS = 5_000;', to: 'const FLOOR_MS = 1_000;' }],
    scenario: HINT_FLOOD,
    breaks: 'class',
    shows: /status checks \d+ ms apart/,
  },
  {
    name: 'every hint is confirmed as soon as it comes',
    plants: [
      { file: 'render/wait-machine.js', from: 'if (isAskedOften)', to: 'if (state.isConfirming)' },
      {
        file: 'workflows/await-outcome.js',
        from: 'const pauseMs = this.#confirmedAtMs + CONFIRM_INTERVAL_MS - Date.now();',
        to: 'const pauseMs = 0;',
      },
    ],
    scenario: HINT_FLOOD,
    breaks: 'class',
    shows: /status checks \d+ ms apart/,
  },
  {
    name: 'a delivery is acknowledged before the engine has it',
    plants: [
      {
        file: 'receiver/delivery.js',
        from: 'await signal(client, key, claim, now());',
        to: 'signal(client, key, claim, now()).catch(() => undefined);',
      },
    ],
    scenario: UNDELIVERABLE,
    breaks: 'class',
    shows: /acknowledged that no engine holds/,
  },
  {
    name: 'an unknown key is told apart from a bad token',
    plants: [{ file: 'receiver/delivery.js', from: "? 'late' : 'unknown'", to: "? 'late' : 'unreadable'" }],
    scenario: UNDELIVERABLE,
    breaks: 'class',
    shows: /a bad token is told 404, an unknown key 400/,
  },
  {
    name: 'an audit reports what it had read when the list broke off',
    plants: [
      {
        file: 'audit/period.js',
        from: 'throw new ProviderUnavailable(',
        to: 'if (found.size === 0) throw new ProviderUnavailable(',
      },
    ],
    scenario: AUDITED,
    breaks: 'agreement',
    shows: /tells of 100 movies/,
  },
  {
    name: 'a movie that a person gave to a key stands in two places of an audit',
    plants: [
      {
        file: 'audit/findings.js',
        from: 'const foreign = unmarked.filter(({ project }) => !known.byProject.has(project));',
        to: 'const foreign = unmarked;',
      },
    ],
    scenario: AUDITED,
    breaks: 'agreement',
    shows: /tells of 123 movies/,
  },
];

import { AUDITED } from './audit-scenario.js';
import type { Bug } from './control.js';
import { HINT_FLOOD, LONG_RENDER } from './cost-scenarios.js';
import { UNDELIVERABLE } from './delivery-scenario.js';
import {
  LATE_DECISION,
  LISTED_STRANGERS,
  NAMED_AT_LAST_LOOK,
  NAMED_STRANGER,
  REJECTED_AFTER_FORCE,
  SENT_AGAIN_WHILE_NAMED,
} from './doubt-scenarios.js';
import { RESET } from './process-scenarios.js';

/** Bugs against the invariants that the first sixteen leave alone. */
export const FURTHER_BUGS: readonly Bug[] = [
  {
    name: 'a run that came from a reset sends before it has looked',
    plants: [
      {
        file: 'activities/submit-movie.js',
        from: 'if (runId !== run.firstRunId && runId !== lookedInRun)',
        to: 'if (false)',
      },
    ],
    scenario: RESET,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a look adopts a movie with another fingerprint',
    plants: [
      {
        file: 'activities/find-movie.js',
        from: 'marked.filter((movie) => movie.fingerprint === request.fingerprint)',
        to: 'marked',
      },
    ],
    scenario: LISTED_STRANGERS,
    breaks: 'agreement',
    shows: /which nobody accepted/,
  },
  {
    name: 'a look adopts a movie of another namespace',
    plants: [{ file: 'json2video/find-marked.js', from: ' || mark.namespace !== namespace', to: '' }],
    scenario: LISTED_STRANGERS,
    breaks: 'agreement',
    shows: /which nobody accepted/,
  },
  {
    name: 'a project that a webhook names is adopted whatever its mark',
    plants: [
      {
        file: 'activities/find-movie.js',
        from: ': differenceOf(movie, { key, fingerprint, namespace });',
        to: ': undefined;',
      },
    ],
    scenario: NAMED_STRANGER,
    breaks: 'agreement',
    shows: /which nobody accepted/,
  },
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
        file: 'workflows/completion.js',
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
        file: 'audit/read-period.js',
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
        file: 'audit/judge.js',
        from: 'const foreign = unmarked.filter(({ project }) => !facts.owners.has(project));',
        to: 'const foreign = unmarked;',
      },
    ],
    scenario: AUDITED,
    breaks: 'agreement',
    shows: /tells of 123 movies/,
  },
  {
    name: 'a look in vain has the movie sent again while a named project is being asked after',
    plants: [
      {
        file: 'workflows/settle.js',
        from: 'await condition(() => claims.areOver && choices.areOver);',
        to: ';',
      },
    ],
    scenario: NAMED_AT_LAST_LOOK,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a person has the movie sent again while a named project is being asked after',
    plants: [{ file: 'workflows/settle.js', from: 'await condition(() => claims.areOver);', to: ';' }],
    scenario: SENT_AGAIN_WHILE_NAMED,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a decision that waits replaces what settled the doubt before it',
    plants: [
      {
        file: 'workflows/settle.js',
        from: 'settled = first.settled;',
        to: 'settled = decisions.next?.project ? adopt({ project: decisions.next.project }) : first.settled;',
      },
    ],
    scenario: LATE_DECISION,
    breaks: 'agreement',
    shows: /told of project project-of-others/,
  },
  {
    name: 'a decision that comes too late is told that it took effect',
    plants: [
      {
        file: 'workflows/settle.js',
        from: 'decisions.close(() => endWithout(settled));',
        to: "decisions.close(({ project }) => ({ project, message: 'it is taken' }));",
      },
    ],
    scenario: LATE_DECISION,
    breaks: 'agreement',
    shows: /told of project project-of-others/,
  },
  {
    name: 'a rejection after a forced resubmission ends a key whose first submission is in doubt',
    plants: [
      {
        file: 'workflows/submission.js',
        from: `if (submission.end === 'rejected')
                return this.#endUnlessInDoubt(submission);`,
        to: `if (submission.end === 'rejected')
                return submission;`,
      },
    ],
    scenario: REJECTED_AFTER_FORCE,
    breaks: 'agreement',
    shows: /told nothing .*the provider says done/,
  },
];

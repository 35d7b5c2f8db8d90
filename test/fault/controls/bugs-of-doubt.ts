import type { Bug } from './control.js';
import {
  LATE_DECISION,
  LISTED_STRANGERS,
  NAMED_AT_LAST_LOOK,
  NAMED_STRANGER,
  REJECTED_AFTER_FORCE,
  SENT_AGAIN_WHILE_NAMED,
} from './doubt-scenarios.js';
import { RESET } from './process-scenarios.js';

/** Bugs in how looks, hints and people settle what is in doubt. */
export const BUGS_OF_DOUBT: readonly Bug[] = [
  {
    name: 'a run that came from a reset sends before it has looked',
    plants: [
      {
        file: 'activities/look-before-sending.js',
        from: 'if (runId !== firstRunId && looked?.byPerson !== true) {',
        to: 'if (false) {',
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
    plants: [{ file: 'json2video/movie-reply.js', from: ' || mark.namespace !== namespace', to: '' }],
    scenario: LISTED_STRANGERS,
    breaks: 'agreement',
    shows: /which nobody accepted/,
  },
  {
    name: 'a project that a webhook names is adopted whatever its mark',
    plants: [
      {
        file: 'activities/claim-movie.js',
        from: ': differenceOf(movie, { key, fingerprint, namespace });',
        to: ': undefined;',
      },
    ],
    scenario: NAMED_STRANGER,
    breaks: 'agreement',
    shows: /which nobody accepted/,
  },
  {
    name: 'a look in vain has the movie sent again while a named project is being asked after',
    plants: [
      {
        file: 'workflows/doubt.js',
        from: 'await condition(() => this.#noClaim() && this.#noDecision());',
        to: ';',
      },
    ],
    scenario: NAMED_AT_LAST_LOOK,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a person has the movie sent again while a named project is being asked after',
    plants: [
      {
        file: 'workflows/doubt.js',
        from: 'condition(() => this.#noClaim())',
        to: 'Promise.resolve()',
      },
    ],
    scenario: SENT_AGAIN_WHILE_NAMED,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a decision that waits replaces what settled the doubt before it',
    plants: [
      {
        file: 'workflows/doubt.js',
        from: 'this.#end ??= adopt(found);',
        to: 'this.#end ??= adopt(this.#render.decisions.next?.project ? { project: this.#render.decisions.next.project } : found);',
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
        file: 'workflows/doubt.js',
        from: 'decisions.close({ refused: describeEnd(this.#end) });',
        to: "decisions.close({ project: decisions.next?.project, message: 'it is taken' });",
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
        file: 'workflows/submit.js',
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

import type { Bug } from './control.js';
import { UNKNOWN_STATUS } from './http-scenarios.js';
import { BRIEF_ERROR, ERROR_AFTER_DONE, FORGED_REPORT } from './scripted-scenarios.js';

/** Bugs that tell another outcome than the provider's. */
export const BUGS_OF_WAITING: readonly Bug[] = [
  {
    name: 'the last outcome wins',
    plants: [
      {
        file: 'render/wait-machine.js',
        from: `if (state.ending !== undefined)
        return { state, commands: [] };`,
        to: '',
      },
      {
        file: 'workflows/await-outcome.js',
        from: 'await condition(() => this.#state.ending !== undefined);',
        to: 'await condition(() => this.#state.ending !== undefined); await sleep(600_000);',
      },
      {
        file: 'workflows/await-outcome.js',
        from: `if (this.#state.ending !== undefined)
            return;`,
        to: '',
      },
    ],
    scenario: ERROR_AFTER_DONE,
    breaks: 'agreement',
    shows: /told failed, the provider says done/,
  },
  {
    name: 'an unknown status is taken for done',
    plants: [
      {
        file: 'json2video/classify-reading.js',
        from: `default:
            return {`,
        to: `default:
            if (!['pending', 'running', null].includes(movie.status)) return { says: 'done', video: videoOf(movie, '') };
            return {`,
      },
    ],
    scenario: UNKNOWN_STATUS,
    breaks: 'agreement',
    shows: /told done, the provider says failed/,
  },
  {
    name: '`error` is final at once',
    plants: [
      {
        file: 'render/waiting.js',
        from: `case 'error':
        case 'gone':`,
        to: `case 'error': return { is: 'ended', ending: endingOf(reading) };
        case 'gone':`,
      },
    ],
    scenario: BRIEF_ERROR,
    breaks: 'agreement',
    shows: /told failed, the provider says done/,
  },
  {
    name: 'a hint is believed without a GET',
    plants: [
      {
        file: 'workflows/await-outcome.js',
        from: 'const reading = await confirmOnce(this.#waited);',
        to: "const reading = { says: 'done', video: { url: '', endedAt: null, durationSeconds: null } };",
      },
    ],
    scenario: FORGED_REPORT,
    breaks: 'agreement',
    shows: /told done, the provider says failed/,
  },
];

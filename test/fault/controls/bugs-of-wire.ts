import type { Bug } from './control.js';
import { CACHED_LIST, OTHER_DAYS, REFUSED_IN_TUNNEL, SHORT_LIST, TEXT_DATA } from './wire-scenarios.js';

/** Bugs in what is sent through proxies, and in what is believed of lists. */
export const BUGS_OF_WIRE: readonly Bug[] = [
  {
    name: 'a look counts a list from a cache',
    plants: [{ file: 'json2video/list-movies.js', from: 'if (isCached)', to: 'if (false)' }],
    scenario: CACHED_LIST,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a look counts a list that shows less than it counts',
    plants: [
      { file: 'json2video/list-checks.js', from: 'if (isLast && this.#total > shown)', to: 'if (false)' },
    ],
    scenario: SHORT_LIST,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a look counts a list of other days',
    plants: [{ file: 'json2video/list-movies.js', from: 'checkWindow(page, days);', to: '' }],
    scenario: OTHER_DAYS,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a mark in client-data that is text is not read',
    plants: [
      {
        file: 'json2video/movie-reply.js',
        from: "const parsed = typeof value === 'string' ? parseJson(value) : value;",
        to: 'const parsed = value;',
      },
    ],
    scenario: TEXT_DATA,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a POST through a proxy does not wait for the go-ahead',
    plants: [
      {
        file: 'json2video/post-movie.js',
        from: 'connect(options, (error, socket) => {',
        to: `connect(options, (error, socket) => {
            if (socket) {
                request.fence().catch(() => undefined);
                return callback(null, socket);
            }`,
      },
    ],
    scenario: REFUSED_IN_TUNNEL,
    breaks: 'safety',
    shows: /without the go-ahead of the engine/,
  },
];

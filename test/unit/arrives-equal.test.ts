import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DOCUMENTED } from '../../packages/json2video-local/test/unit/movies/documented-movies.js';
import { PRICED } from '../../packages/json2video-local/test/unit/movies/priced-movies.js';
import { PUBLISHED } from '../../packages/json2video-local/test/unit/movies/published-movies.js';
import { WITH_VARIABLES } from '../../packages/json2video-local/test/unit/movies/variable-movies.js';
import { releaseFakes, startFake, call, submit } from '../../packages/json2video-local/test/unit/support.js';
import { checkMovie } from '../../src/movie/check.js';
import { withMark } from '../../src/movie/movie.js';
import { withWebhook } from '../../src/movie/webhook-destination.js';
import { prepareCall } from '../../src/starter/prepare.js';
import { isJsonObject, type JsonObject } from '../../src/text/json.js';
import { json } from '../security/hostile-inputs.js';
import { fuzzing } from '../support/fuzz.js';

releaseFakes();

const ENDPOINT = 'https://renders.example.com/json2video/v1.b3JkZXItMQ.1795600000.c2lnbmF0dXJl';

/** The movie as a worker sends it. */
function sent(movie: object): JsonObject {
  const { movie: parsed, fingerprint, key } = prepareCall('order-1', movie, {});
  const marked = withMark(parsed, { key, fingerprint, namespace: 'default' });
  return withWebhook(marked, ENDPOINT) ?? marked;
}

/** A movie from the wire without what is ours. */
function withoutOurs(movie: unknown): unknown {
  if (!isJsonObject(movie)) return movie;
  const { renderonce: _mark, ...clientData } = movie['client-data'] as JsonObject;
  const { exports, ...others } = movie;
  const theirs = Array.isArray(exports)
    ? exports.map((each: unknown) =>
        isJsonObject(each) && Array.isArray(each['destinations'])
          ? {
              ...each,
              destinations: each['destinations'].filter(
                (to: unknown) => !isJsonObject(to) || to['endpoint'] !== ENDPOINT,
              ),
            }
          : each,
      )
    : exports;
  return { ...others, exports: theirs, 'client-data': clientData };
}

/** A movie as anybody would write it, so that what counts for nothing is written in one way. */
function plain(movie: object): unknown {
  const { exports, 'client-data': given, ...others } = JSON.parse(JSON.stringify(movie)) as JsonObject;
  const list = exports === undefined || (Array.isArray(exports) && exports.length === 0) ? [{}] : exports;
  const added = Array.isArray(list)
    ? list.map((each: unknown, at) => (at === 0 && isJsonObject(each) ? { destinations: [], ...each } : each))
    : list;
  return { ...others, exports: added, 'client-data': isJsonObject(given) ? given : {} };
}

const PEOPLE = [...DOCUMENTED, ...WITH_VARIABLES, ...PUBLISHED, ...PRICED];

describe('40 movies of shapes that people publish pass the check and arrive equal', () => {
  test.each(PEOPLE.map(({ name, movie, options }) => [name, movie, options ?? {}] as const))(
    '%s',
    async (_, movie, options) => {
      expect(checkMovie(movie)).toMatchObject({ ok: true, faults: [] });
      const fake = await startFake(options);
      const outgoing = sent(movie);
      const answer = await call(fake, `/v2/movies?project=${await submit(fake, outgoing)}`);
      const arrived = (answer.json as { movie: { json: string } }).movie;
      expect(withoutOurs(JSON.parse(arrived.json))).toEqual(plain(movie));
    },
  );

  test('and there are 40', () => {
    expect(new Set(PEOPLE.map(({ name }) => name)).size).toBe(40);
  });
});

/** Movies with the members that we touch, right and wrong. */
const movies = fc.record(
  {
    scenes: fc.array(json, { maxLength: 3 }),
    template: fc.string(),
    comment: fc.string({ unit: 'binary' }).map((text) => `${text}\ud83d`),
    'client-data': fc.oneof(fc.constant([]), fc.constant(null), json),
    exports: fc.oneof(fc.array(fc.record({ destinations: fc.array(json, { maxLength: 2 }) })), json),
    variables: json,
  },
  { requiredKeys: [] },
);

const { shareMs, rounds } = fuzzing(1);

test(
  'a movie that is accepted is sent equal in meaning, apart from mark and destination',
  () => rounds(arrivesEqual),
  30_000 + shareMs,
);

function arrivesEqual(): void {
  let accepted = 0;
  fc.assert(
    fc.property(movies, (movie) => {
      const outgoing = ((): JsonObject | undefined => {
        try {
          return sent(movie);
        } catch {
          return undefined;
        }
      })();
      fc.pre(outgoing !== undefined);
      accepted += 1;
      const arrived = withoutOurs(JSON.parse(JSON.stringify(outgoing)));
      const isTouched =
        outgoing !== undefined && JSON.stringify(outgoing['exports'] ?? '').includes(ENDPOINT);
      expect(arrived).toEqual(
        isTouched
          ? plain(movie)
          : {
              exports: undefined,
              ...(plain(movie) as object),
              ...('exports' in movie ? { exports: JSON.parse(JSON.stringify(movie.exports)) } : {}),
            },
      );
    }),
    { numRuns: 1_000 },
  );
  expect(accepted).toBeGreaterThan(500);
}

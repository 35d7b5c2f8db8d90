import * as fc from 'fast-check';
import { readConfig } from '../../src/config.js';
import { classifyReading } from '../../src/json2video/classify-reading.js';
import { retryAfterMs } from '../../src/json2video/http-get.js';
import { listMovies } from '../../src/json2video/list-movies.js';
import { movieReply, withKey } from '../../src/json2video/movie-reply.js';
import { parseWebhook } from '../../src/json2video/webhook-payload.js';
import { signToken, verifyToken } from '../../src/receiver/callback-token.js';
import { parseTaken } from '../../src/render/decision.js';
import { assertKey, renderKey } from '../../src/render/key.js';
import { parseOptions } from '../../src/render/options.js';
import { classifySubmission } from '../../src/render/submission.js';
import { assetFaults } from '../../src/movie/asset-urls.js';
import { parseMovie } from '../../src/movie/movie.js';
import { withWebhook } from '../../src/movie/webhook-destination.js';
import { isJsonObject } from '../../src/text/json.js';
import { readJsonText } from '../../src/text/json-text.js';
import { prepareCall } from '../../src/starter/prepare.js';
import { assets } from './asset-inputs.js';
import { bodies, json, statuses, texts, throwing, values } from './hostile-inputs.js';

/** A parser of something that comes from outside, and what it may be given. */
export interface Parser {
  /** The codes of the errors that it may throw; none: it must never throw. */
  readonly throws: readonly string[];
  /** Runs, each on one input. */
  readonly runs: fc.Arbitrary<Run>;
}

interface Run {
  readonly run: () => unknown;
}

const parser = <Input>(
  inputs: fc.Arbitrary<Input>,
  parse: (input: Input) => unknown,
  ...throws: readonly string[]
): Parser => ({
  throws,
  // A counterexample is shown as what was given.
  runs: inputs.map((input) => ({ run: () => parse(input), [fc.toStringMethod]: () => fc.stringify(input) })),
});

const NOW_MS = Date.parse('2026-11-24T10:00:00.000Z');
const SECRET = 'a-secret-of-parsers-that-is-long-enough';
const VARIABLES =
  `JSON2VIDEO_API_KEY JSON2VIDEO_URL RENDERONCE_TASK_QUEUE RENDERONCE_LOG_LEVEL RENDERONCE_LISTEN
  RENDERONCE_ASSETS RENDERONCE_KEY_MEMORY_DAYS RENDERONCE_WEBHOOK_URL RENDERONCE_WEBHOOK_SECRET
  RENDERONCE_TRUSTED_PROXY_HOPS __proto__ PATH`.split(/\s+/);
const settings = fc.oneof(
  texts,
  fc.constantFrom(
    'public',
    'info',
    '1',
    '1e3',
    '0x10',
    ' 2 ',
    'NaN',
    '127.0.0.1:8080',
    '[::1]:0',
    ':',
    '::1:99999',
  ),
);
const dates = fc.oneof(
  texts,
  fc.integer().map(String),
  fc.date({ noInvalidDate: false }).map((date) => String(date)),
  fc.constantFrom('Wed, 21 Oct 2026 07:28:00 GMT', '999999999999', '-1', '1.5', ' 7 ', 'GMT', '0 GMT'),
);

/** Reads a page of the list to its end; what a broken one throws is for the engine to repeat. */
async function readList(body: string): Promise<void> {
  const get = async () => ({ status: 200, body });
  const url = new URL('https://api.json2video.com/v2/movies');
  try {
    for await (const movies of listMovies(get, url, {}, { since: new Date(NOW_MS) }, NOW_MS))
      withKey(movies, 'order-1', 'default');
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('the list '))) throw error;
  }
}

export const PARSERS: Readonly<Record<string, Parser>> = {
  'a reply to a submission': parser(
    fc.record({ status: statuses, body: bodies, complete: fc.boolean(), retryAfterMs: fc.nat() }),
    (reply) => classifySubmission({ from: 'reply', at: '2026-11-24T10:00:00.000Z', ...reply }),
  ),
  'a reply to a status check': parser(fc.record({ status: statuses, body: bodies }), classifyReading),
  'a movie in a list': parser(json, (movie) => {
    const parsed = movieReply.safeParse(movie);
    return parsed.success ? withKey([parsed.data], 'order-1', 'default') : undefined;
  }),
  'a page of the list': parser(
    fc.oneof(
      bodies,
      json.map((movie) => JSON.stringify({ movies: [movie], has_next: false })),
    ),
    readList,
  ),
  'a webhook delivery': parser(
    fc.tuple(fc.oneof(texts, fc.constantFrom('application/json', 'urlencoded', '')), bodies),
    ([contentType, body]) => parseWebhook(contentType, body),
  ),
  'a token': parser(
    fc.oneof(
      texts,
      fc.tuple(texts, fc.date()).map(([key, at]) => signToken(key, at, [SECRET])),
      fc
        .array(fc.oneof(texts, fc.constantFrom('v1', '1790000000', 'b3JkZXI')), { maxLength: 5 })
        .map((parts) => parts.join('.')),
    ),
    (token) => verifyToken(token, [SECRET], NOW_MS),
  ),
  'Retry-After': parser(fc.oneof(dates, fc.array(dates), values), (header) => {
    const ms = retryAfterMs(header, NOW_MS);
    if (ms !== undefined && !(ms >= 0 && ms < Infinity)) throw new RangeError(`${ms} ms`);
  }),
  configuration: parser(
    fc.array(fc.tuple(fc.constantFrom(...VARIABLES), settings)).map((entries) => Object.fromEntries(entries)),
    readConfig,
    'ConfigInvalid',
  ),
  'a key': parser(fc.oneof(texts, values), assertKey, 'KeyInvalid'),
  'the parts of a key': parser(
    fc.array(fc.oneof(texts, fc.double(), fc.bigInt()), { maxLength: 4 }),
    (parts) => renderKey(...parts),
    'KeyInvalid',
  ),
  'a movie': parser(
    fc.oneof({ weight: 99, arbitrary: values }, throwing),
    (movie) => prepareCall('order-1', movie, {}),
    'MovieInvalid',
  ),
  "the text of a movie's file": parser(fc.oneof(bodies, texts), readJsonText),
  'the assets of a movie': parser(assets, (movie) => {
    return Array.from(assetFaults(parseMovie(movie, 'order-1')));
  }),
  'options of a render': parser(
    fc.oneof(
      values,
      fc.dictionary(fc.constantFrom('pollSeconds', 'resubmissions', 'webhook', 'lookFrom'), values),
    ),
    parseOptions,
    'OptionsInvalid',
  ),
  "a person's decision": parser(
    fc.oneof(
      values,
      fc.record({ action: fc.constantFrom('adopt', 'resubmit'), by: values, why: texts, project: texts }),
    ),
    parseTaken,
  ),
  "a movie's exports": parser(fc.record({ exports: json }), (movie) =>
    isJsonObject(movie) ? withWebhook(movie, 'https://hooks.example.com') : undefined,
  ),
};

/** What careless parsers make of the same: each must be found out. */
export const CARELESS: Readonly<Record<string, Parser>> = {
  'believes that a body is JSON': parser(bodies, (body) => JSON.parse(body)),
  'writes any value as JSON': parser(values, (value) => JSON.stringify(value)),
  'decodes what it is given': parser(texts, decodeURIComponent),
  'waits for as long as it is told': parser(dates, (header) =>
    new Date(NOW_MS + Number(header)).toISOString(),
  ),
  'throws an error of another type': parser(texts, () => renderKey(''), 'ConfigInvalid'),
};

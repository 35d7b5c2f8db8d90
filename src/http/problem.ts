import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import {
  DecisionRefused,
  EngineUnavailable,
  IdempotencyKeyReused,
  KeyInvalid,
  MovieInvalid,
  OptionsInvalid,
  RenderonceError,
  SubmissionPending,
  UnfinishedRender,
} from '../render/errors.js';
import { httpStatusOf } from '../render/http-status.js';
import { messageOf, shorten } from '../text/text.js';
import { type Caller, shownKeyOf } from './caller.js';
import { Refusal, refusalOf } from './refusal.js';
import type { ProblemDetails } from './schemas.js';

/** Path of the page about all errors, which the server serves; each code has an anchor there. */
const ERRORS_PATH = '/docs/errors.md';

/** Texts in place of those that name the engine's address, its settings or its commands. */
const ABOUT_US: Readonly<Record<string, readonly [detail: string, next: string]>> = {
  EngineUnavailable: ['the engine does not answer', 'Send the same request again, with the same key.'],
  EngineNotSetUp: [
    'the engine is not set up',
    'Send the same request again after the operator ran `renderonce setup`.',
  ],
  EngineRefused: ['the engine refuses the server', 'Ask the operator of this server.'],
  NoWorker: [
    'no worker is up; the render waits for one',
    'Send the same request again, with the same key. Nothing is lost.',
  ],
  ProviderUnavailable: ['the provider does not answer', 'Send the same request again.'],
};
const UNEXPECTED = [
  'an unexpected error',
  'Ask the operator of this server, whose log has the error.',
] as const;

/** Words about commands, which a caller of the API does not have, and what takes their place. */
const FOR_CALLERS: readonly (readonly [words: string, instead: string])[] = [
  ['`renderonce status`', '`GET /v1/renders/{key}`'],
  [
    'the key and the namespace. `renderonce list` shows the known keys',
    'the key. `GET /v1/renders` lists the known ones',
  ],
  ['`renderonce budget show` has the credits', '`GET /v1/budgets/{name}` shows the credits'],
  ['Run `renderonce audit` to see if', 'Ask the operator of this server if'],
  ['Call with restart: true', 'Send the movie with `options.restart`, which needs scope `decide`,'],
  [
    'Look if the video is there after all: `renderonce review`.',
    'The operator of this server can look if the video is there after all.',
  ],
  ['`--force` decides', '`force: true` decides'],
];

/** Returns the problem details (RFC 9457) of an error, as a caller may see them. */
export function problemOf(error: unknown, caller: Caller | undefined): ProblemDetails {
  const known = knownError(error);
  if (known === undefined) return problem('Unexpected', 500, ...UNEXPECTED);
  const status = known instanceof Refusal ? known.status : httpStatusOf(known);
  const { code } = known;
  if (status >= 500 && !(known instanceof Refusal)) {
    const [detail, next] = ABOUT_US[code] ?? UNEXPECTED;
    const isLimited = known instanceof EngineUnavailable && known.isLimited;
    return {
      ...problem(code, status, isLimited ? 'the engine is busy' : detail, next),
      ...aboutKey(known, caller),
    };
  }
  const say = sayerOf(known, caller);
  return {
    ...problem(code, status, say(forCallers(known.message)), say(forCallers(known.next))),
    ...aboutKey(known, caller),
    ...(known.project === undefined ? {} : { project: known.project }),
    ...stateOf(known),
    ...(known instanceof IdempotencyKeyReused ? { differences: [...known.differingPaths] } : {}),
  };
}

function forCallers(text: string): string {
  return FOR_CALLERS.reduce((said, [words, instead]) => said.replace(words, instead), text);
}

/** Translates the errors of the framework; undefined for an error that nobody expects. */
function knownError(error: unknown): RenderonceError | undefined {
  if (error instanceof RenderonceError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return invalidOf(error);
  const status = isFastifyError(error) ? error.statusCode : undefined;
  return status === undefined ? undefined : refusalOf(status, shorten(messageOf(error)));
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}

/** Returns the error of a request that does not fit its schema. */
function invalidOf(error: FastifyError): RenderonceError {
  const [issue] = error.validation ?? [];
  const path = (issue?.instancePath ?? '').replace(/^\//, '').replaceAll('/', '.');
  const text = `${path} ${issue?.message ?? 'is invalid'}`.trim();
  if (error.validationContext === 'params') return new KeyInvalid(text);
  if (path === 'movie') return new MovieInvalid(text);
  if (path.startsWith('options')) return new OptionsInvalid(text.replace(/^options\.?\s*/, ''));
  return new Refusal('RequestInvalid', text);
}

function problem(code: string, status: number, detail: string, next: string): ProblemDetails {
  const words = code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return { type: `${ERRORS_PATH}#${code.toLowerCase()}`, title: words, status, detail, code, next };
}

function aboutKey({ key }: RenderonceError, caller: Caller | undefined): { readonly key?: string } {
  const shown = key === undefined || caller === undefined ? undefined : shownKeyOf(caller, key);
  return shown === undefined ? {} : { key: shown };
}

function stateOf(error: RenderonceError): { readonly state?: ProblemDetails['state'] } {
  if (error instanceof SubmissionPending) return { state: error.state };
  const status = error instanceof UnfinishedRender ? error.outcome?.status : undefined;
  return status === undefined ? {} : { state: status };
}

/** Returns a function that removes from a text what only the engine and other tenants know. */
function sayerOf(error: RenderonceError, caller: Caller | undefined): (text: string) => string {
  const { key } = error;
  const shown = key === undefined || caller === undefined ? undefined : shownKeyOf(caller, key);
  return (text) => {
    const own = key === undefined || shown === undefined ? text : text.replaceAll(key, () => shown);
    if (caller?.tenant === undefined || !(error instanceof DecisionRefused)) return own;
    // The mark of a project that another tenant's render has.
    return own.replace(/it (?:carries key|belongs to namespace) .*$/s, 'it belongs to another key');
  };
}

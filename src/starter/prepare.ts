import { randomUUID } from 'node:crypto';
import { type AssetRule, assertPublicAssets } from '../movie/asset-urls.js';
import { MovieInvalid, OptionsInvalid } from '../render/errors.js';
import { fingerprintOf } from '../movie/fingerprint.js';
import { parseIgnore } from '../movie/ignored.js';
import type { JsonObject } from '../text/json.js';
import { assertKey } from '../render/key.js';
import { digitFaults, parseMovie } from '../movie/movie.js';
import { parseOptions, type RenderOptionsInput, type RestartOption } from '../render/options.js';
import type { WaitOptions } from '../temporal/ask-engine.js';

/** Options of `submitOnce`, `start` and `render`: those of the render, and those of the call. */
export interface SubmitOptions extends Omit<RenderOptionsInput, RestartOption>, WaitOptions {
  /** Longest wait for the project, and in `start` for the engine; 30,000 by default. */
  readonly deadlineMs?: number | undefined;
  /** True to start again after a run that ended in doubt: abandoned, terminated or timed out. A person decides that. */
  readonly restart?: boolean | undefined;
  /** True to wait past the deadline while the submission goes on by itself; only a held key ends the wait. */
  readonly untilSettled?: boolean | undefined;
  /**
   * Places of the movie that may differ between calls, because they hold signatures, random IDs or times: at most 20 JSON
   * Pointers, in which `*` stands for any one member or index, e.g. `/scenes/*\/elements/*\/src`. The first call's list holds
   * for the key.
   */
  readonly ignore?: readonly string[] | undefined;
  /** Reaction to another movie under the key: `refuse` (default), or `join` the first movie's render. */
  readonly ifDifferent?: IfDifferent | undefined;
}

/** Reactions to another movie under a key. */
export const IF_DIFFERENT = ['refuse', 'join'] as const;
type IfDifferent = (typeof IF_DIFFERENT)[number];

/** A call that has passed every check that needs no engine. */
export interface PreparedCall {
  readonly key: string;
  readonly movie: JsonObject;
  readonly fingerprint: string;
  /** The call's own list of places that may differ; undefined if it gave none. */
  readonly ignore: readonly string[] | undefined;
  readonly joins: boolean;
  /** A random token of the call, kept over its inner retries: a start that carries it was made by this call. */
  readonly caller: string;
  readonly options: RenderOptionsInput;
  readonly deadlineMs: number;
  readonly restart: boolean;
  readonly untilSettled: boolean;
  readonly signal?: AbortSignal;
}

/** `submitOnce` waits this long for the project by default. */
const SUBMIT_DEADLINE_MS = 30_000;

/**
 * Validates a call before anything is sent to the engine: a start that is refused halfway may leave a running workflow.
 *
 * @throws KeyInvalid, MovieInvalid, OptionsInvalid
 */
export function prepareCall(
  key: unknown,
  movie: unknown,
  given: SubmitOptions,
  assets: AssetRule = 'public',
): PreparedCall {
  assertKey(key);
  const {
    deadlineMs = SUBMIT_DEADLINE_MS,
    restart = false,
    untilSettled = false,
    signal,
    ignore: pointers,
    ifDifferent = 'refuse',
    ...options
  } = given;
  if (!(deadlineMs > 0))
    throw new OptionsInvalid(`deadlineMs is ${deadlineMs}, and must be above 0`, { key });
  if (!IF_DIFFERENT.includes(ifDifferent))
    throw new OptionsInvalid(`ifDifferent must be one of ${IF_DIFFERENT.join(', ')}`, { key });
  const ignore = pointers === undefined ? undefined : parseIgnore(pointers, key);
  parseOptions(options);
  const parsed = acceptedMovie(movie, key, assets);
  return {
    key,
    movie: parsed,
    fingerprint: fingerprintOf(parsed, ignore),
    ignore,
    joins: ifDifferent === 'join',
    caller: randomUUID(),
    options,
    deadlineMs,
    restart,
    untilSettled,
    ...(signal === undefined ? {} : { signal }),
  };
}

function acceptedMovie(movie: unknown, key: string, assets: AssetRule): JsonObject {
  const parsed = parseMovie(movie, key);
  for (const { path, message } of digitFaults(parsed)) throw new MovieInvalid(`${path} ${message}`, { key });
  if (assets === 'public') assertPublicAssets(parsed, key);
  return parsed;
}

import { randomUUID } from 'node:crypto';
import { type AssetRule, assertPublicAssets } from '../movie/asset-urls.js';
import { MovieInvalid, OptionsInvalid } from '../render/errors.js';
import { fingerprintOf } from '../movie/fingerprint.js';
import type { JsonObject } from '../text/json.js';
import { assertKey } from '../render/key.js';
import { SUBMIT_DEADLINE_MS } from '../render/limits.js';
import { digitFaults, parseMovie } from '../movie/movie.js';
import { parseOptions, type RenderOptionsInput } from '../render/options.js';
import type { WaitOptions } from '../temporal/ask-engine.js';

/** Options of `submitOnce`, `start` and `render`: those of the render, and those of the call. */
export interface SubmitOptions extends Omit<RenderOptionsInput, 'lookFrom' | 'lookUntil'>, WaitOptions {
  /** Longest wait for the project, and in `start` for the engine; 30,000 by default. */
  readonly deadlineMs?: number | undefined;
  /** True to start again after a run that ended in doubt: abandoned, terminated or timed out. A person decides that. */
  readonly restart?: boolean | undefined;
  /** True to wait past the deadline while the submission goes on by itself; only a held key ends the wait. */
  readonly untilSettled?: boolean | undefined;
}

/** A call that has passed every check that needs no engine. */
export interface PreparedCall {
  readonly key: string;
  readonly movie: JsonObject;
  readonly fingerprint: string;
  /** A random token of the call, kept over its inner retries: a start that carries it was made by this call. */
  readonly caller: string;
  readonly options: RenderOptionsInput;
  readonly deadlineMs: number;
  readonly restart: boolean;
  readonly untilSettled: boolean;
  readonly signal?: AbortSignal;
}

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
    ...options
  } = given;
  if (!(deadlineMs > 0))
    throw new OptionsInvalid(`deadlineMs is ${deadlineMs}, and must be above 0`, { key });
  parseOptions(options);
  const parsed = parseMovie(movie, key);
  for (const { path, message } of digitFaults(parsed)) throw new MovieInvalid(`${path} ${message}`, { key });
  if (assets === 'public') assertPublicAssets(parsed, key);
  return {
    key,
    movie: parsed,
    fingerprint: fingerprintOf(parsed),
    caller: randomUUID(),
    options,
    deadlineMs,
    restart,
    untilSettled,
    ...(signal === undefined ? {} : { signal }),
  };
}

import { MovieInvalid } from '../render/errors.js';
import { messageOf } from '../text/text.js';
import { isJsonObject } from '../text/json.js';
import type { readJsonText } from '../text/json-text.js';
import { assetFaults, type AssetRule, type MovieFault } from './asset-urls.js';
import { digitFaults, parseMovie } from './movie.js';
import { type Quote, quoteMovie } from './quote.js';
import { type MovieWarning, warningsOf } from './warnings.js';

/** Findings about a movie before anything is sent. */
export interface MovieCheck {
  /** True if there are no faults: the movie can be submitted. */
  readonly ok: boolean;
  /** Reasons for which a submission would be refused. */
  readonly faults: readonly MovieFault[];
  /** Places that the provider will probably not render as meant. */
  readonly warnings: readonly MovieWarning[];
  /** Price of the movie, as `quoteMovie` names it; absent if this is no movie. */
  readonly quote?: Quote;
}

/** Options of `checkMovie`. */
export interface CheckOptions {
  /** Addresses that the movie may name, `public` by default. */
  readonly assets?: AssetRule | undefined;
  /** Time for which a submission may be repeated, 3,600 by default: signed URLs should last as long. */
  readonly submitPatienceSeconds?: number | undefined;
}

/** Findings of one kind that are reported. */
const MAX_FINDINGS = 100;

const DEFAULT_PATIENCE_SECONDS = 3_600;

/**
 * Checks a movie as a submission does, warns about what the provider would find out only while rendering, and quotes its
 * price. Needs no engine and sends nothing. A movie without faults may still fail at the provider.
 *
 * @example
 * const { ok, faults, warnings } = checkMovie(movie);
 */
export function checkMovie(movie: unknown, options: CheckOptions = {}): MovieCheck {
  try {
    const parsed = parseMovie(movie, '');
    const faults = [...digitFaults(parsed), ...(options.assets === 'any' ? [] : assetFaults(parsed))];
    const warnings = warningsAbout(parsed, options.submitPatienceSeconds);
    return { ...checkOf(faults, warnings), quote: quoteMovie(parsed) };
  } catch (error) {
    if (!(error instanceof MovieInvalid)) throw error;
    return checkOf([{ path: '', message: messageOf(error) }], []);
  }
}

/** Checks a text that was read as JSON: as `checkMovie`, and a text that is no JSON has a fault with line and column. */
export function checkReadMovie(
  read: ReturnType<typeof readJsonText>,
  options: CheckOptions = {},
): MovieCheck {
  return 'fault' in read ? checkOf([read.fault], []) : checkMovie(read.value, options);
}

/** Returns the warnings about a movie that is submitted now; none about a value that is no movie. */
export function warningsAbout(
  movie: unknown,
  submitPatienceSeconds = DEFAULT_PATIENCE_SECONDS,
): readonly MovieWarning[] {
  if (!isJsonObject(movie)) return [];
  return warningsOf(movie, Date.now() + submitPatienceSeconds * 1_000).slice(0, MAX_FINDINGS);
}

function checkOf(faults: readonly MovieFault[], warnings: readonly MovieWarning[]): MovieCheck {
  return {
    ok: faults.length === 0,
    faults: faults.slice(0, MAX_FINDINGS),
    warnings: warnings.slice(0, MAX_FINDINGS),
  };
}

import { MovieInvalid } from '../render/errors.js';
import { messageOf } from '../text/text.js';
import { readJsonText } from '../text/json-text.js';
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
  const { assets = 'public', submitPatienceSeconds = DEFAULT_PATIENCE_SECONDS } = options;
  try {
    const parsed = parseMovie(movie, '');
    const faults = [...digitFaults(parsed), ...(assets === 'public' ? assetFaults(parsed) : [])];
    const neededUntilMs = Date.now() + submitPatienceSeconds * 1_000;
    return { ...checkOf(faults, warningsOf(parsed, neededUntilMs)), quote: quoteMovie(parsed) };
  } catch (error) {
    if (!(error instanceof MovieInvalid)) throw error;
    return checkOf([{ path: '', message: messageOf(error) }], []);
  }
}

/** Checks the text of a movie's file: as `checkMovie`, and a text that is no JSON has a fault with line and column. */
export function checkMovieText(text: string, options: CheckOptions = {}): MovieCheck {
  const read = readJsonText(text);
  return 'fault' in read ? checkOf([read.fault], []) : checkMovie(read.value, options);
}

function checkOf(faults: readonly MovieFault[], warnings: readonly MovieWarning[]): MovieCheck {
  return {
    ok: faults.length === 0,
    faults: faults.slice(0, MAX_FINDINGS),
    warnings: warnings.slice(0, MAX_FINDINGS),
  };
}

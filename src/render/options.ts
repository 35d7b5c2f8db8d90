import { OptionsInvalid } from './errors.js';
import { shorten } from './text.js';

/** How one render behaves; every option is optional for callers and has its default here. Units are in the names. */
export interface RenderOptions {
  /** Cadence of the status check without webhooks, in the first minute. */
  readonly pollSeconds: number;
  /** How long after acceptance the render may take before its outcome is `timed-out`. */
  readonly renderTimeoutSeconds: number;
  /** How long the provider's `error` must last before it is believed: it retries transient failures itself. */
  readonly errorGraceSeconds: number;
  /** How long refused submissions are tried again before the movie counts as rejected. */
  readonly submitPatienceSeconds: number;
  /** Start-to-close timeout of the submit activity; its HTTP timeouts follow from it. */
  readonly submitTimeoutSeconds: number;
  /** How long after an attempt's latest possible end its movie may still turn up in the provider's list. */
  readonly settleSeconds: number;
  /** Submissions made again without a person after one that ended unknown and was not found: 0 or 1. */
  readonly resubmissions: number;
  /** Set on restarts: look in the provider's list from this ISO time on, before anything is sent. */
  readonly lookFrom?: string;
  /** Set on restarts: send only after a look that was made not before this ISO time. */
  readonly lookUntil?: string;
}

/** What callers may pass. */
export type RenderOptionsInput = { readonly [Name in keyof RenderOptions]?: RenderOptions[Name] | undefined };

interface NumberRule {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

const DAY = 86_400;

type NumberName = Exclude<keyof RenderOptions, 'lookFrom' | 'lookUntil'>;

/** Bounds in the unit of each name. The provider's documented floor for polling is 5 s. */
const NUMBERS: { readonly [Name in NumberName]: NumberRule } = {
  pollSeconds: { default: 5, min: 5, max: 3_600 },
  renderTimeoutSeconds: { default: 3_600, min: 10, max: 7 * DAY },
  errorGraceSeconds: { default: 60, min: 10, max: DAY },
  submitPatienceSeconds: { default: 3_600, min: 0, max: 30 * DAY },
  submitTimeoutSeconds: { default: 90, min: 5, max: 600 },
  settleSeconds: { default: 120, min: 30, max: DAY },
  resubmissions: { default: 1, min: 0, max: 1, whole: true },
};

/** The names of all options that hold a number. */
export const OPTION_NAMES: readonly string[] = Object.keys(NUMBERS);

/**
 * Fills in the defaults and checks the bounds. Unknown names are errors: a misspelt `pollSecond` would otherwise
 * be silently ignored.
 *
 * @throws OptionsInvalid
 */
export function parseOptions(input: unknown): RenderOptions {
  const given = new Map(entriesOf(input));
  const number = (name: NumberName): number => {
    const rule = NUMBERS[name];
    const value = given.get(name) ?? rule.default;
    given.delete(name);
    const isFit = typeof value === 'number' && value >= rule.min && value <= rule.max;
    if (!isFit || (rule.whole === true && !Number.isInteger(value))) {
      throw new OptionsInvalid(
        `${name} is ${shown(value)}, and must be a number from ${rule.min} to ${rule.max}`,
      );
    }
    return value;
  };
  const time = (name: 'lookFrom' | 'lookUntil'): { readonly [Name in typeof name]?: string } => {
    const value = given.get(name);
    given.delete(name);
    if (value === undefined) return {};
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) {
      throw new OptionsInvalid(`${name} is ${shown(value)}, and must be an ISO 8601 time`);
    }
    return { [name]: value };
  };
  const options: RenderOptions = {
    pollSeconds: number('pollSeconds'),
    renderTimeoutSeconds: number('renderTimeoutSeconds'),
    errorGraceSeconds: number('errorGraceSeconds'),
    submitPatienceSeconds: number('submitPatienceSeconds'),
    submitTimeoutSeconds: number('submitTimeoutSeconds'),
    settleSeconds: number('settleSeconds'),
    resubmissions: number('resubmissions'),
    ...time('lookFrom'),
    ...time('lookUntil'),
  };
  for (const name of given.keys()) throw new OptionsInvalid(`there is no option ${name}`);
  return options;
}

/** A value of any kind in an error's text. */
function shown(value: unknown): string {
  return typeof value === 'bigint' ? `${value}n` : shorten(JSON.stringify(value) ?? typeof value, 60);
}

function entriesOf(input: unknown): [string, unknown][] {
  if (input === undefined || input === null) return [];
  if (typeof input !== 'object' || Array.isArray(input))
    throw new OptionsInvalid('the options are not an object');
  return Object.entries(input).filter(([, value]) => value !== undefined);
}

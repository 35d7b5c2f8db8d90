import { OptionsInvalid } from './errors.js';

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
}

/** What callers may pass. */
export type RenderOptionsInput = { readonly [Name in keyof RenderOptions]?: RenderOptions[Name] | undefined };

interface NumberRule {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

const DAY = 86_400;

/** Bounds in the unit of each name. The provider's documented floor for polling is 5 s. */
const NUMBERS: { readonly [Name in keyof RenderOptions]: NumberRule } = {
  pollSeconds: { default: 5, min: 5, max: 3_600 },
  renderTimeoutSeconds: { default: 3_600, min: 10, max: 7 * DAY },
  errorGraceSeconds: { default: 60, min: 10, max: DAY },
  submitPatienceSeconds: { default: 3_600, min: 0, max: 30 * DAY },
  submitTimeoutSeconds: { default: 90, min: 5, max: 600 },
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
  const number = (name: keyof RenderOptions): number => {
    const rule = NUMBERS[name];
    const value = given.get(name) ?? rule.default;
    given.delete(name);
    if (typeof value !== 'number' || !(value >= rule.min && value <= rule.max)) {
      throw new OptionsInvalid(
        `${name} is ${JSON.stringify(value)}, and must be a number from ${rule.min} to ${rule.max}`,
      );
    }
    return value;
  };
  const options: RenderOptions = {
    pollSeconds: number('pollSeconds'),
    renderTimeoutSeconds: number('renderTimeoutSeconds'),
    errorGraceSeconds: number('errorGraceSeconds'),
    submitPatienceSeconds: number('submitPatienceSeconds'),
    submitTimeoutSeconds: number('submitTimeoutSeconds'),
  };
  for (const name of given.keys()) throw new OptionsInvalid(`there is no option ${name}`);
  return options;
}

function entriesOf(input: unknown): [string, unknown][] {
  if (input === undefined || input === null) return [];
  if (typeof input !== 'object' || Array.isArray(input))
    throw new OptionsInvalid('the options are not an object');
  return Object.entries(input).filter(([, value]) => value !== undefined);
}

import { assertBudgetName } from './budget.js';
import { OptionsInvalid } from './errors.js';
import { type Follow, notifyFault, type NotifyTarget, targetsIn } from './follow.js';
import { shorten } from '../text/text.js';

/** Options of one render. Callers may leave each out; its default is here. Names end with the unit. */
export interface RenderOptions {
  /** Interval of the status checks without webhooks, in the first minute. */
  readonly pollSeconds: number;
  /** Time from acceptance after which the outcome is `timed-out`. */
  readonly renderTimeoutSeconds: number;
  /** Time that the provider's `error` must last until it counts: the provider retries transient failures itself. */
  readonly errorGraceSeconds: number;
  /** Time for which refused submissions are repeated before the movie counts as rejected. */
  readonly submitPatienceSeconds: number;
  /** Start-to-close timeout of the submit activity. Its HTTP timeouts follow from it. */
  readonly submitTimeoutSeconds: number;
  /** Time after an attempt's latest possible end in which its movie may still turn up in the provider's list. */
  readonly settleSeconds: number;
  /** Submissions that need no person after one that ended unknown and was not found: 0 or 1. */
  readonly resubmissions: number;
  /** False to have the provider not report the end, though the workers have a webhook URL. */
  readonly webhook?: boolean;
  /** True to keep a copy of the video, false to keep none; by default as the worker is configured. */
  readonly keep?: boolean;
  /** Destinations of the events of this render, `[]` for none; by default as the worker is configured. */
  readonly notify?: Follow['notify'];
  /** The budget that pays; by default that of the workers, if they have one. */
  readonly budget?: string;
  /** Set on restarts: nothing is sent before a look in the provider's list from this ISO time on. */
  readonly lookFrom?: string;
  /**
   * Set on restarts after a doubt: nothing is sent before a look that was made at this ISO time or later, and that proves
   * an absence.
   */
  readonly lookUntil?: string;
  /** Set on restarts after a doubt: the account that may hold the movie. */
  readonly lookAccount?: string;
  /** Set on restarts: ID of the closed run on which the caller decided. */
  readonly after?: string;
}

/** Options as callers pass them. */
export type RenderOptionsInput = { readonly [Name in keyof RenderOptions]?: RenderOptions[Name] | undefined };

interface NumberRule {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

const DAY = 86_400;

/** Options that the starter sets itself; callers must not. */
export type RestartOption = 'lookFrom' | 'lookUntil' | 'lookAccount' | 'after';

/** Options that hold a number. */
export type NumberName = Exclude<
  keyof RenderOptions,
  RestartOption | 'webhook' | 'keep' | 'notify' | 'budget'
>;

/** Bounds in the unit of each name. The provider's documented floor for polling is 5 s. */
export const NUMBERS: { readonly [Name in NumberName]: NumberRule } = {
  pollSeconds: { default: 5, min: 5, max: 3_600 },
  renderTimeoutSeconds: { default: 3_600, min: 10, max: 7 * DAY },
  errorGraceSeconds: { default: 60, min: 10, max: DAY },
  submitPatienceSeconds: { default: 3_600, min: 0, max: 30 * DAY },
  submitTimeoutSeconds: { default: 90, min: 10, max: 600 },
  settleSeconds: { default: 120, min: 30, max: DAY },
  resubmissions: { default: 1, min: 0, max: 1, whole: true },
};

/** Names of all options that hold a number, with their default and bounds, for the command line. */
export const NUMBER_OPTIONS = Object.entries(NUMBERS).map(([name, rule]) => ({ name, ...rule }));

/**
 * Fills in the defaults and checks the bounds. Rejects unknown names, because a misspelt `pollSecond` would change
 * nothing.
 *
 * @throws OptionsInvalid
 */
export function parseOptions(input: unknown): RenderOptions {
  const given = new GivenOptions(input);
  const options: RenderOptions = {
    pollSeconds: given.takeNumber('pollSeconds'),
    renderTimeoutSeconds: given.takeNumber('renderTimeoutSeconds'),
    errorGraceSeconds: given.takeNumber('errorGraceSeconds'),
    submitPatienceSeconds: given.takeNumber('submitPatienceSeconds'),
    submitTimeoutSeconds: given.takeNumber('submitTimeoutSeconds'),
    settleSeconds: given.takeNumber('settleSeconds'),
    resubmissions: given.takeNumber('resubmissions'),
    ...given.takeFlag('webhook'),
    ...given.takeFlag('keep'),
    ...given.takeNotify('notify'),
    ...given.takeBudget('budget'),
    ...given.takeTime('lookFrom'),
    ...given.takeTime('lookUntil'),
    ...given.takeText('lookAccount'),
    ...given.takeText('after'),
  };
  const [unknown] = given.names();
  if (unknown !== undefined) throw new OptionsInvalid(`there is no option ${unknown}`);
  return options;
}

/** Options as a caller gave them. Each `take` checks one and removes it. */
class GivenOptions {
  readonly #values: Map<string, unknown>;

  constructor(input: unknown) {
    const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
    if (!isObject && input !== undefined && input !== null)
      throw new OptionsInvalid('the options are not an object');
    this.#values = new Map(Object.entries(input ?? {}).filter(([, value]) => value !== undefined));
  }

  names(): IterableIterator<string> {
    return this.#values.keys();
  }

  takeNumber(name: NumberName): number {
    const rule = NUMBERS[name];
    const value = this.#take(name) ?? rule.default;
    const isFit = typeof value === 'number' && value >= rule.min && value <= rule.max;
    if (isFit && (rule.whole !== true || Number.isInteger(value))) return value;
    throw new OptionsInvalid(
      `${name} is ${shown(value)}, and must be a ${rule.whole === true ? 'whole number' : 'number'} from ${rule.min} to ${rule.max}`,
    );
  }

  takeFlag<Name extends string>(name: Name): { readonly [_ in Name]?: boolean } {
    const value = this.#take(name);
    if (value === undefined) return {};
    if (typeof value !== 'boolean')
      throw new OptionsInvalid(`${name} is ${shown(value)}, and must be true or false`);
    return single(name, value);
  }

  takeNotify(name: 'notify'): { readonly notify?: readonly NotifyTarget[] } {
    const value = this.#take(name);
    if (value === undefined) return {};
    const fault = notifyFault(value);
    if (fault !== undefined) throw new OptionsInvalid(`${name} ${fault}`);
    return { notify: targetsIn(value) };
  }

  takeTime<Name extends string>(name: Name): { readonly [_ in Name]?: string } {
    const value = this.#take(name);
    if (value === undefined) return {};
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) {
      throw new OptionsInvalid(`${name} is ${shown(value)}, and must be an ISO 8601 time`);
    }
    return single(name, value);
  }

  takeText<Name extends string>(name: Name): { readonly [_ in Name]?: string } {
    const value = this.#take(name);
    if (value === undefined) return {};
    if (typeof value !== 'string') throw new OptionsInvalid(`${name} is ${shown(value)}, and must be text`);
    return single(name, value);
  }

  takeBudget(name: 'budget'): { readonly budget?: string } {
    const { budget } = this.takeText(name);
    if (budget !== undefined) assertBudgetName(budget);
    return budget === undefined ? {} : { budget };
  }

  #take(name: string): unknown {
    const value = this.#values.get(name);
    this.#values.delete(name);
    return value;
  }
}

function single<Name extends string, Value>(name: Name, value: Value): { readonly [_ in Name]?: Value };
function single(name: string, value: unknown): object {
  return { [name]: value };
}

/** Formats any value for an error's text. */
function shown(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  try {
    return shorten(JSON.stringify(value) ?? typeof value, 60);
  } catch {
    // A cycle, a bigint inside, or endless nesting.
    return typeof value;
  }
}

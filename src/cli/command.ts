import { Command, InvalidArgumentError, Option } from 'commander';
// The engine's index would load everything that starts an engine.
import { EngineError } from '../engine/engine-error.js';
import { RenderonceError } from '../render/errors.js';
import type { NotifyTarget } from '../render/follow.js';
import { createOutput, type Output } from './print/output.js';

/** Exit codes of all commands besides 0. */
export const EXIT = { outcome: 1, usage: 2, unreachable: 3 } as const;

/** Exit codes of the errors; `docs/errors.md` has the same. */
const EXIT_OF_ERROR: Readonly<Record<string, number>> = {
  RenderFailed: EXIT.outcome,
  RenderTimedOut: EXIT.outcome,
  RenderCancelled: EXIT.outcome,
  RenderAbandoned: EXIT.outcome,
  MovieRejected: EXIT.outcome,
  BudgetExceeded: EXIT.outcome,
  NotKept: EXIT.outcome,
  SubmissionPending: EXIT.outcome,
  DecisionPending: EXIT.outcome,
  KeyInvalid: EXIT.usage,
  MovieInvalid: EXIT.usage,
  OptionsInvalid: EXIT.usage,
  UsageInvalid: EXIT.usage,
  ConfigInvalid: EXIT.usage,
  FileInvalid: EXIT.usage,
  WorkerNotInstalled: EXIT.usage,
  PayloadUnreadable: EXIT.usage,
  KeyNotFound: EXIT.usage,
  KeyTaken: EXIT.usage,
  IdempotencyKeyReused: EXIT.usage,
  DecisionRefused: EXIT.usage,
  EngineUnavailable: EXIT.unreachable,
  EngineRefused: EXIT.unreachable,
  EngineNotSetUp: EXIT.unreachable,
  ProviderUnavailable: EXIT.unreachable,
  NoWorker: EXIT.unreachable,
};

/** Returns the exit code of an error; an unexpected error counts as a failed outcome. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof EngineError) return EXIT.unreachable;
  if (error instanceof RenderonceError) return EXIT_OF_ERROR[error.code] ?? EXIT.outcome;
  return EXIT.outcome;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** Creates a command with the common options and with examples at the end of its help; the registry adds its summary. */
export function newCommand(name: string, examples: readonly string[]): Command {
  return new Command(name)
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      ['', 'Examples:', ...examples.map((example) => `  $ renderonce ${example}`)].join('\n'),
    );
}

/** Runs the work of a command, prints the error that it throws, and sets the exit code. */
export async function run(
  options: CommonOptions,
  work: (output: Output) => Promise<number | void>,
): Promise<void> {
  const output = createOutput(options.json === true);
  try {
    process.exitCode = (await work(output)) ?? 0;
  } catch (error) {
    output.error(error);
    process.exitCode = exitCodeOf(error);
  }
}

/** Bounds of a numeric option. */
interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean | undefined;
}

/** Creates a numeric option. Its help and its error name the same bounds. */
export function numberOption(flags: string, text: string, { min, max, whole = false }: Bounds): Option {
  const bounds = `from ${min} to ${max}`;
  return new Option(flags, `${text}, ${bounds}`).argParser((given) => {
    const value = Number(given);
    const isFit = given.trim() !== '' && value >= min && value <= max;
    if (isFit && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`It must be a ${whole ? 'whole number' : 'number'} ${bounds}.`);
  });
}

/** Reads the time of an option. */
export function timeFrom(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError('It must be a time, ISO 8601, e.g. 2026-11-23T22:00:00Z.');
  }
  return at;
}

/** Creates an option for a port; 0 takes any free one. */
export function portOption(flags: string, text: string): Option {
  return numberOption(flags, `${text}; 0 takes any free one`, { min: 0, max: 65_535, whole: true });
}

/** Options that `submit` and `batch` share: movies that differ between calls under one key, and what follows the end. */
export interface OrderOptions {
  readonly ignore?: string[];
  readonly ifDifferent?: 'refuse' | 'join';
  readonly keep?: boolean;
  readonly notify?: NotifyTarget[];
}

/** Adds the options that `submit` and `batch` share. */
export function withOrderOptions(command: Command): Command {
  return command
    .option(
      '--ignore <pointer>',
      'a place of the movie that may differ between calls, e.g. /scenes/*/id; may be repeated',
      addPointer,
    )
    .addOption(
      new Option('--if-different <reaction>', 'reaction to another movie under the key').choices([
        'refuse',
        'join',
      ]),
    )
    .option('--keep', 'keep a copy of the video (default: as the workers are set)')
    .option('--no-keep', 'keep no copy')
    .option(
      '--notify <names>',
      'destinations of the events, with commas between, or one address; may be repeated (default: as the workers are set)',
      addReceivers,
    )
    .addOption(new Option('--no-notify', 'send no events').preset([]));
}

/** Adds names of destinations, or an address, in which a comma is no end of a name. */
function addReceivers(given: string, before: NotifyTarget[] = []): NotifyTarget[] {
  if (/^https?:/i.test(given)) return [...before, { url: given }];
  const names = given.split(',').map((name) => name.trim());
  return [...before, ...names.filter((name) => name !== '')];
}

function addPointer(pointer: string, before: string[] = []): string[] {
  return [...before, pointer];
}

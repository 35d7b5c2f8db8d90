import { Command, InvalidArgumentError } from 'commander';
import { exitCodeOf } from './exit-code.js';
import { createOutput, type Output } from './print/output.js';
import { type CommandName, SUMMARIES } from './summaries.js';

/** What every command's options hold. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** A command with the option that all of them have, and with examples at the end of its help. */
export function newCommand(name: CommandName, examples: readonly string[]): Command {
  return new Command(name)
    .description(SUMMARIES[name])
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      ['', 'Examples:', ...examples.map((example) => `  $ renderonce ${example}`)].join('\n'),
    );
}

/** Runs a command's work; what it throws is printed and becomes the exit code. */
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

/** Parser of a numeric option within bounds. */
export function numberOption(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max)) {
      throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`);
    }
    return value;
  };
}

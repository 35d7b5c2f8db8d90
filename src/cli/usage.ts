import { type Command, CommanderError } from 'commander';
import { UsageInvalid } from '../render/errors.js';
import { EXIT } from './command.js';
import { createOutput } from './print/output.js';

/** True if a call asks for one JSON document, also about its own faults. */
export function wantsJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? words.length : end).includes('--json');
}

/**
 * Ends a call that Commander ended: with the help, the version, or a fault of the call. Commander has printed the reason as
 * text, unless the call wants JSON. Returns the exit code.
 */
export function endOfCall(error: unknown, words: readonly string[], program: Command): number {
  if (!(error instanceof CommanderError)) throw error;
  // Commander ends the help and the version by an error, too.
  if (error.exitCode === 0) return 0;
  if (wantsJson(words)) createOutput(true).error(usageInvalid(error, words, program));
  return EXIT.usage;
}

function usageInvalid({ message }: CommanderError, words: readonly string[], program: Command): Error {
  const command = program.commands.find((each) => words.includes(each.name()))?.name();
  const fault = message.replace(/^error: /, '').replaceAll('\n', ' ');
  const help = `renderonce ${command === undefined ? '' : `${command} `}--help`;
  return new UsageInvalid(fault, `See the usage: \`${help}\`.`);
}

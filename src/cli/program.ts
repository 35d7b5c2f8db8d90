import { Command } from 'commander';
import { LOADERS } from './commands.js';
import { type CommandName, SUMMARIES } from './summaries.js';
import { ownVersion } from './version.js';

/**
 * The program as far as the words of this call need it: the commands that they name are whole, of the others only what
 * the help lists. Loading all of them takes most of a second.
 */
export async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('renderonce')
    .description('Durable, pay-once video renders for JSON2Video, on Temporal.')
    .version(ownVersion())
    .configureHelp({ subcommandTerm: (command) => command.name() });
  // It tells of all of them.
  const isEveryOne = words[0] === 'completion';
  for (const name of COMMAND_NAMES) {
    const isAsked = isEveryOne || words.includes(name);
    program.addCommand(isAsked ? await LOADERS[name]() : new Command(name).description(SUMMARIES[name]));
  }
  for (const each of [program, ...program.commands]) {
    each.exitOverride().showHelpAfterError('(add --help for the usage)');
  }
  return program;
}

const isCommandName = (name: string): name is CommandName => Object.hasOwn(SUMMARIES, name);

const COMMAND_NAMES = Object.keys(SUMMARIES).filter(isCommandName);

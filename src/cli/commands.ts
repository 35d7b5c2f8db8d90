import { Command } from 'commander';
import { ownVersion } from '../worker/own-version.js';
import { shownOn } from './print/shown.js';
import { type CommandEntry, COMMANDS } from './registry.js';
import { wantsJson } from './usage.js';

/** Commands that connect to an engine or to the provider: they find what runs in the data folder. */
const CLIENTS =
  'submit batch status result review watch open list cancel resolve events audit doctor trigger setup budget credits'.split(
    ' ',
  );

/**
 * Creates the program for one call. It loads only the commands that the call names, since loading all of them takes most
 * of a second; of the others it knows what the help lists.
 */
export async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('renderonce')
    .description('Durable, pay-once video renders for JSON2Video, on Temporal.')
    .version(ownVersion())
    .configureHelp({ subcommandTerm: (command) => command.name() });
  const needsAll = words[0] === 'completion';
  if (CLIENTS.includes(words[0] ?? '')) {
    (await import('./local/find-running.js')).addVariablesOfRunning(process.env);
  }
  for (const [name, entry] of Object.entries<CommandEntry>(COMMANDS)) {
    const command = needsAll || words.includes(name) ? await loaded(entry) : new Command(name);
    program.addCommand(command.description(entry.summary));
  }
  for (const each of [program, ...program.commands]) {
    each.exitOverride().showHelpAfterError('(add --help for the usage)');
    if (wantsJson(words)) each.configureOutput({ writeErr: () => undefined });
  }
  return program;
}

async function loaded({ load, exit1 }: CommandEntry): Promise<Command> {
  const command = await load();
  const codes = `Exit codes: 0 done; 1 ${exit1}; 2 wrong usage; 3 engine or provider out of reach.`;
  return command.addHelpText('after', `\n${shownOn(process.stdout, [codes], process.env)}`);
}

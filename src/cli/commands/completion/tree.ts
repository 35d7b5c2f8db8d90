import type { Command } from 'commander';

/** What can be typed after the program's name. */
export interface CompletableCommand {
  readonly name: string;
  readonly about: string;
  readonly options: readonly CompletableOption[];
  /** What its arguments may be, where they are a choice. */
  readonly choices: readonly string[];
}

export interface CompletableOption {
  /** With its dashes. */
  readonly flag: string;
  readonly about: string;
  readonly takesValue: boolean;
  /** What its value may be; empty where it may be anything. */
  readonly choices: readonly string[];
}

/** All that a program understands, read from its own definition. */
export function completionTree(program: Command): CompletableCommand[] {
  const help = program.createHelp();
  return help.visibleCommands(program).map((command) => ({
    name: command.name(),
    about: command.description(),
    options: help.visibleOptions(command).map((option) => ({
      flag: option.long ?? option.short ?? '',
      about: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
    })),
    choices: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  }));
}

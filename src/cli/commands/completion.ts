import { Argument, type Command } from 'commander';
import { type CommonOptions, newCommand, run } from '../command.js';
import { completionTree, SCRIPTS } from './completion/scripts.js';

/** Creates `renderonce completion`, which prints a script that completes commands and options in a shell. */
export function completionCommand(): Command {
  return newCommand('completion', [
    'completion bash > ~/.local/share/bash-completion/completions/renderonce',
    'completion zsh > "${fpath[1]}/_renderonce"',
    'completion fish > ~/.config/fish/completions/renderonce.fish',
  ])
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS, options: CommonOptions, command: Command) =>
      run(options, async (output) => {
        const program = command.parent ?? command;
        const script = SCRIPTS[shell](program.name(), completionTree(program));
        output.result({ shell, script }, [script.trimEnd()]);
      }),
    );
}

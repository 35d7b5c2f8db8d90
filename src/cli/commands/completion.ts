import { Argument, type Command } from 'commander';
import { type CommonOptions, newCommand, run } from '../command.js';
import { bashCompletion } from './completion/bash.js';
import { fishCompletion } from './completion/fish.js';
import { completionTree } from './completion/tree.js';
import { zshCompletion } from './completion/zsh.js';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** `renderonce completion`: teaches a shell the commands and their options. */
export function completionCommand(): Command {
  return newCommand('completion', [
    'completion bash > ~/.local/share/bash-completion/completions/renderonce',
    'completion zsh > "${fpath[1]}/_renderonce"',
    'completion fish > ~/.config/fish/completions/renderonce.fish',
  ])
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS, options: CommonOptions, command: Command) =>
      run(options, async (output) => {
        const program = command.parent ?? command;
        const script = SHELLS[shell](program.name(), completionTree(program));
        output.result({ shell, script }, [script.trimEnd()]);
      }),
    );
}

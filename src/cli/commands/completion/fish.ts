import type { CompletableCommand } from './tree.js';

export function fishCompletion(program: string, commands: readonly CompletableCommand[]): string {
  return commands.flatMap((command) => linesOf(program, command)).join('\n') + '\n';
}

function linesOf(program: string, { name, about, options, choices }: CompletableCommand): string[] {
  const within = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c ${program} -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
    ...(choices.length === 0 ? [] : [`${within} -f -a ${quoted(choices.join(' '))}`]),
    ...options.map(({ flag, about: text, takesValue, choices: values }) => {
      const value = values.length === 0 ? ' -r' : ` -x -a ${quoted(values.join(' '))}`;
      return `${within} -l ${flag.slice(2)}${takesValue ? value : ''} -d ${quoted(text)}`;
    }),
  ];
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, String.raw`\$&`)}'`;
}

import type { Command } from 'commander';

/** A command as a shell completes it. */
interface CompletableCommand {
  readonly name: string;
  readonly about: string;
  readonly options: readonly CompletableOption[];
  /** Choices of its arguments, if they are a choice. */
  readonly choices: readonly string[];
}

interface CompletableOption {
  /** The flag with its dashes. */
  readonly flag: string;
  readonly about: string;
  readonly takesValue: boolean;
  /** Choices of its value; empty if any value fits. */
  readonly choices: readonly string[];
}

/** Reads the commands, options and choices of a program from its own definition. */
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

/** Makes the completion script of a program for one shell. */
type Script = (program: string, commands: readonly CompletableCommand[]) => string;

/** The shells, each with its script. */
export const SCRIPTS = { bash, zsh, fish } as const satisfies Record<string, Script>;

/** Bash offers files if nothing of ours fits. */
function bash(program: string, commands: readonly CompletableCommand[]): string {
  return `_${program}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(' ')}"
  else
    case "\${COMP_WORDS[1]} $before" in
${commands.flatMap(bashValues).join('\n')}
    *)
      case "\${COMP_WORDS[1]}" in
${commands.map(bashWords).join('\n')}
      esac ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _${program} ${program}
`;
}

function bashValues({ name, options }: CompletableCommand): string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ flag, choices }) => `    "${name} ${flag}") words="${choices.join(' ')}" ;;`);
}

function bashWords({ name, options, choices }: CompletableCommand): string {
  const words = [...choices, ...options.map(({ flag }) => flag)];
  return `      ${name}) words="${words.join(' ')}" ;;`;
}

/** Zsh either sources the script, or finds it as `_<program>` on its path; then its first call defines and runs it. */
function zsh(program: string, commands: readonly CompletableCommand[]): string {
  return `#compdef ${program}
_${program}() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    ${zshQuoted(`${name}:${about}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case "\${words[1]}" in
${commands.map(zshArguments).join('\n')}
  esac
}
if [ "\${funcstack[1]}" = _${program} ]; then _${program} "$@"; else compdef _${program} ${program}; fi
`;
}

function zshArguments({ name, options, choices }: CompletableCommand): string {
  const rest = choices.length === 0 ? '*:file:_files' : `1:choice:(${choices.join(' ')})`;
  const specs = [...options.map(zshOption), rest].map((spec) => `      ${zshQuoted(spec)}`);
  return `  ${name}) _arguments \\\n${specs.join(' \\\n')} ;;`;
}

function zshOption({ flag, about, takesValue, choices }: CompletableOption): string {
  const value = choices.length === 0 ? '_files' : `(${choices.join(' ')})`;
  return `${flag}[${about.replace(/[[\]\\]/g, String.raw`\$&`)}]${takesValue ? `:value:${value}` : ''}`;
}

function zshQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function fish(program: string, commands: readonly CompletableCommand[]): string {
  return commands.flatMap((command) => fishLines(program, command)).join('\n') + '\n';
}

function fishLines(program: string, { name, about, options, choices }: CompletableCommand): string[] {
  const within = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c ${program} -n __fish_use_subcommand -f -a ${name} -d ${fishQuoted(about)}`,
    ...(choices.length === 0 ? [] : [`${within} -f -a ${fishQuoted(choices.join(' '))}`]),
    ...options.map(({ flag, about: text, takesValue, choices: values }) => {
      const value = values.length === 0 ? ' -r' : ` -x -a ${fishQuoted(values.join(' '))}`;
      return `${within} -l ${flag.slice(2)}${takesValue ? value : ''} -d ${fishQuoted(text)}`;
    }),
  ];
}

function fishQuoted(text: string): string {
  return `'${text.replace(/['\\]/g, String.raw`\$&`)}'`;
}

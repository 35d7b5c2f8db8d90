import type { CompletableCommand } from './tree.js';

/** Files are offered where nothing else fits. */
export function bashCompletion(program: string, commands: readonly CompletableCommand[]): string {
  return `_${program}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(' ')}"
  else
    case "\${COMP_WORDS[1]} $before" in
${commands.flatMap(valueCases).join('\n')}
    *)
      case "\${COMP_WORDS[1]}" in
${commands.map(commandCase).join('\n')}
      esac ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _${program} ${program}
`;
}

function valueCases({ name, options }: CompletableCommand): string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ flag, choices }) => `    "${name} ${flag}") words="${choices.join(' ')}" ;;`);
}

function commandCase({ name, options, choices }: CompletableCommand): string {
  const words = [...choices, ...options.map(({ flag }) => flag)];
  return `      ${name}) words="${words.join(' ')}" ;;`;
}

import type { CompletableCommand, CompletableOption } from './tree.js';

/** Read by `source`, or found as `_<program>` on zsh's path of functions: then its first call defines and runs it. */
export function zshCompletion(program: string, commands: readonly CompletableCommand[]): string {
  return `#compdef ${program}
_${program}() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    ${quoted(`${name}:${about}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case "\${words[1]}" in
${commands.map(commandCase).join('\n')}
  esac
}
if [ "\${funcstack[1]}" = _${program} ]; then _${program} "$@"; else compdef _${program} ${program}; fi
`;
}

function commandCase({ name, options, choices }: CompletableCommand): string {
  const rest = choices.length === 0 ? '*:file:_files' : `1:choice:(${choices.join(' ')})`;
  const specs = [...options.map(optionSpec), rest].map((spec) => `      ${quoted(spec)}`);
  return `  ${name}) _arguments \\\n${specs.join(' \\\n')} ;;`;
}

function optionSpec({ flag, about, takesValue, choices }: CompletableOption): string {
  const value = choices.length === 0 ? '_files' : `(${choices.join(' ')})`;
  return `${flag}[${about.replace(/[[\]\\]/g, String.raw`\$&`)}]${takesValue ? `:value:${value}` : ''}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

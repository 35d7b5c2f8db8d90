/** A text as one word of a shell command, for commands that people copy: whatever it holds, the shell runs nothing of it. */
export function shellWord(text: string): string {
  return /^[\w.:@%+=,/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

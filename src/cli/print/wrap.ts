/** Characters that take two columns: of East Asian scripts, and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** Returns the number of columns that a text takes on a terminal. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}

/** A command in backticks, which stays in one piece so that it can be copied; or a word. */
const WORD = /`[^`]*`\S*|\S+/g;

/** A command outside of backticks: its line stays whole, since a person copies it. */
const COMMAND = /(?:^|[\s:])(?:npx )?renderonce [a-z]+ /;

/** Spaces before the later lines of a wrapped line, beside those before its first. */
const HANGING = '  ';

/** Wraps a line at a width, between words only: a word that is longer than the width stays whole. */
export function wrapLine(line: string, width: number): string[] {
  if (columnsOf(line) <= width || COMMAND.test(line)) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = indent;
  let end = indent.length;
  for (const found of line.matchAll(WORD)) {
    const piece = line.slice(end, found.index) + found[0];
    end = found.index + found[0].length;
    const isEmpty = current.trim() === '';
    if (isEmpty || columnsOf(current + piece) <= width) current += piece;
    else {
      lines.push(current);
      current = indent + HANGING + found[0];
    }
  }
  return [...lines, current];
}

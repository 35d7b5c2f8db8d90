import { wrapLine } from './wrap.js';

/** Part of a stream that says how it shows text. */
type Shower = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>;

/** Fewer columns leave no room for words. */
const LEAST_COLUMNS = 20;

/** Words at the beginning of a line that have a colour on a terminal, with the code of it: red, yellow, green. */
const COLOURS: Readonly<Record<string, number>> = { error: 31, wrong: 31, fault: 31, warning: 33, ok: 32 };

const COLOURED = new RegExp(`^(?:${Object.keys(COLOURS).join('|')})(?=[ :])`);

/**
 * Returns lines as a stream shows them: on a terminal wrapped at its width, and coloured unless `NO_COLOR` is set;
 * unchanged elsewhere, since programs read them there.
 */
export function shownOn(
  stream: Shower,
  lines: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (!stream.isTTY) return lines.join('\n');
  const { columns } = stream;
  const split = lines.flatMap((line) => line.split('\n'));
  const wrapped = columns < LEAST_COLUMNS ? split : split.flatMap((line) => wrapLine(line, columns));
  const isColoured = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return (isColoured ? wrapped.map(coloured) : wrapped).join('\n');
}

function coloured(line: string): string {
  return line.replace(COLOURED, (word) => `\u001b[${COLOURS[word]}m${word}\u001b[39m`);
}

/** A fenced block of a page, by what its reader does with it. */
export type Block = {
  readonly line: number;
  /** The heading under which it stands. */
  readonly chapter: string;
  readonly text: string;
} & (
  | { readonly kind: 'command'; readonly exit: number }
  | { readonly kind: 'service' }
  | { readonly kind: 'output' }
  | { readonly kind: 'file'; readonly name: string }
);

type Deed = Pick<Block, 'kind'> & { readonly exit?: number; readonly name?: string };

/**
 * The blocks of a page in their order. The words behind the fence say what each is:
 *
 * - `sh`: commands, run one after the other; `sh exit=2`: the last of them ends so
 * - `sh serves`: a command that stays, and is ready when it has printed the next block; the same command a second time: it is
 *   interrupted with Ctrl-C first
 * - `text`, `json`: what the block before printed
 * - any language with `file=NAME`: a file in the reader's folder
 *
 * Throws on every other block: a page holds nothing that nobody tries.
 */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let chapter = '';
  let open: { readonly indent: string; readonly words: string; readonly line: number } | undefined;
  let text: string[] = [];
  for (const [index, row] of page.split('\n').entries()) {
    const [, indent = '', words = ''] = /^( *)(?:```|~~~)(.*)$/.exec(row) ?? [undefined];
    const isFence = /^ *(?:```|~~~)/.test(row);
    if (open === undefined) {
      if (isFence) [open, text] = [{ indent, words, line: index + 1 }, []];
      else chapter = /^#+ (.*)$/.exec(row)?.[1] ?? chapter;
    } else if (isFence) {
      const { line } = open;
      blocks.push({ line, chapter, text: text.join('\n'), ...deedOf(open.words, line) } as Block);
      open = undefined;
    } else text.push(row.slice(open.indent.length));
  }
  if (open !== undefined) throw new Error(`line ${open.line}: the block is not closed`);
  return blocks;
}

function deedOf(words: string, line: number): Deed {
  const [language = '', ...more] = words.trim().split(/ +/);
  const [, name] = /^file=([\w.-]+)$/.exec(more.join(' ')) ?? [];
  if (name !== undefined) return { kind: 'file', name };
  const said = [language, ...more].join(' ');
  if (said === 'sh serves') return { kind: 'service' };
  if (said === 'text' || said === 'json') return { kind: 'output' };
  const [, exit] = /^sh(?: exit=(\d))?$/.exec(said) ? (/exit=(\d)/.exec(said) ?? ['', '0']) : [];
  if (exit !== undefined) return { kind: 'command', exit: Number(exit) };
  throw new Error(`line ${line}: nobody tries a block of "${words}"`);
}

import { columnsOf } from './wrap.js';

/** Draws lines on a terminal over the lines that it drew before. */
export class Redraw {
  readonly #stream: NodeJS.WriteStream;
  #drawn = 0;

  private constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Returns undefined if the stream is no terminal, or one without a size, so that lines cannot be drawn over. */
  static on(stream: NodeJS.WriteStream): Redraw | undefined {
    return stream.isTTY && stream.columns > 1 ? new Redraw(stream) : undefined;
  }

  draw(lines: readonly string[]): void {
    // One column stays free: some terminals wrap a full line, which then takes two lines.
    const fitting = lines.map((line) => `${fit(line, this.#stream.columns - 1)}\n`);
    const up = this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A`;
    this.#stream.write(`${up}\u001b[J${fitting.join('')}`);
    this.#drawn = lines.length;
  }
}

/** Returns the beginning of a line that fits into so many columns. */
function fit(line: string, columns: number): string {
  let left = columns;
  let fitting = '';
  for (const character of line) {
    left -= columnsOf(character);
    if (left < 0) break;
    fitting += character;
  }
  return fitting;
}

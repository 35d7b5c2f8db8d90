/** Draws lines on a terminal over those drawn before. */
export class Redraw {
  readonly #stream: NodeJS.WriteStream;
  #drawn = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  draw(lines: readonly string[]): void {
    // One column is left free: a full line would wrap on some terminals, and then be two.
    const fitting = lines.map((line) => `${fit(line, this.#stream.columns - 1)}\n`);
    const up = this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A`;
    this.#stream.write(`${up}\u001b[J${fitting.join('')}`);
    this.#drawn = lines.length;
  }
}

/** Whether lines can be drawn over on a stream; on a terminal of no size they cannot. */
export function canRedraw(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && stream.columns > 1;
}

/** Characters that take two columns: of East Asian scripts, and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** The beginning of a line that fits into so many columns. */
export function fit(line: string, columns: number): string {
  let left = columns;
  let fitting = '';
  for (const character of line) {
    left -= WIDE.test(character) ? 2 : 1;
    if (left < 0) break;
    fitting += character;
  }
  return fitting;
}

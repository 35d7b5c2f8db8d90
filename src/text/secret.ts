/** What stands in the place of a secret wherever it is printed. */
const REDACTED = '[secret]';

/** A text that is written to no log, error, document or console by accident: only `reveal` gives it out. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one place that sends or computes with it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  /** What Node's `util.inspect`, and so `console.log`, prints. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}

/** Makes an object with secrets in it print as this line; what it holds is as before. */
export function printedAs<T extends object>(line: string, object: T): T {
  const print = { value: () => line, enumerable: false };
  return Object.defineProperties(object, {
    toJSON: print,
    [Symbol.for('nodejs.util.inspect.custom')]: print,
  });
}

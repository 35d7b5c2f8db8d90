/** Least length of a random text that cannot be guessed: 256 bits, written as text, are longer. */
export const SECRET_BYTES = 32;

/** Text that prints in place of a secret. */
const REDACTED = '[secret]';

/** A text that no log, error, document or console shows by accident: only `reveal` returns it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the text itself, for the one place that sends it or computes with it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  /** Node's `util.inspect`, and so `console.log`, calls this. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}

/** Makes an object that holds secrets print as this line. Its members stay as they are. */
export function printedAs<T extends object>(line: string, object: T): T {
  const print = { value: () => line, enumerable: false };
  return Object.defineProperties(object, {
    toJSON: print,
    [Symbol.for('nodejs.util.inspect.custom')]: print,
  });
}

/**
 * Describes the first character of a secret that an HTTP header cannot carry, such as an invisible one from a copied page;
 * undefined if there is none.
 */
export function headerFault(secret: string): string | undefined {
  const index = secret.search(/[^\x21-\x7e]/);
  if (index < 0) return undefined;
  const code = (secret.codePointAt(index) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `holds the character U+${code} at position ${index + 1}, which no API key has: copy the key again`;
}

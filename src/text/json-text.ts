import { pathSegment } from './json.js';

/** A fault of a text that should be JSON. */
export interface JsonFault {
  /** Path of the value, e.g. `client-data.id`; empty if the text is no JSON at all. */
  readonly path: string;
  readonly message: string;
}

/** Levels that the search for a fault follows. No movie may have as many. */
const SCAN_DEPTH = 500;

/**
 * Parses JSON that people and tools write. Removes a byte order mark. Reports a syntax fault with its line and column and
 * with what was expected there, and refuses integers that JavaScript cannot hold. Never throws.
 */
export function readJsonText(text: string): { readonly value: unknown } | { readonly fault: JsonFault } {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    const value: unknown = JSON.parse(body);
    const fault = /\d{16}|[eE]\+?\d{3}/.test(body) ? new Scanner(body).fault() : undefined;
    return fault === undefined ? { value } : { fault };
  } catch {
    return { fault: new Scanner(body).fault() ?? { path: '', message: 'is not JSON' } };
  }
}

const LOST_DIGITS = 'is an integer with more digits than JavaScript holds: write it as text, in quotes';

/**
 * Returns the fault of an integer of which JavaScript may have lost digits; undefined for other numbers. From 1e21 on numbers
 * are written with an exponent.
 */
export function digitFault(value: number): string | undefined {
  const mayHaveLostDigits = Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21;
  return mayHaveLostDigits ? LOST_DIGITS : undefined;
}

/** The fault at which a scan stops. */
class Found extends Error {
  readonly fault: JsonFault;

  constructor(fault: JsonFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Reads JSON token by token, to find its first fault. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  fault(): JsonFault | undefined {
    try {
      this.#value('', 0);
      this.#space();
      if (this.#at < this.#text.length) this.#expected('the end of the text');
      return undefined;
    } catch (thrown) {
      if (thrown instanceof Found) return thrown.fault;
      throw thrown;
    }
  }

  #value(path: string, depth: number): void {
    this.#space();
    if (depth > SCAN_DEPTH) throw new Found({ path, message: `is nested deeper than ${SCAN_DEPTH} levels` });
    const first = this.#text[this.#at];
    if (first === '{') return this.#members('}', depth, path);
    if (first === '[') return this.#members(']', depth, path);
    if (first === '"') return void this.#string();
    const number = this.#match(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (number !== undefined) return checkNumber(number, path);
    if (this.#match(/true|false|null/y) === undefined) this.#expected('a value');
  }

  /** Reads the members of an object or a list, from its bracket to the closing one. */
  #members(close: '}' | ']', depth: number, path: string): void {
    this.#at += 1;
    for (let index = 0; !this.#take(close); index += 1) {
      if (index > 0) {
        if (!this.#take(',')) this.#expected(`a comma or "${close}"`);
        this.#space();
        if (this.#text[this.#at] === close) {
          this.#fail(`there is a comma before "${close}", which JSON does not allow`);
        }
      }
      this.#value(close === ']' ? `${path}[${index}]` : this.#name(path), depth + 1);
    }
  }

  #name(path: string): string {
    if (this.#text[this.#at] !== '"') this.#expected('a name in double quotes, or "}"');
    const name = this.#string();
    if (!this.#take(':')) this.#expected('a colon after the name');
    return path + pathSegment(name, path === '');
  }

  #string(): string {
    const start = this.#at;
    for (this.#at += 1; ; this.#at += 1) {
      const character = this.#text[this.#at];
      if (character === '"') break;
      if (character === undefined) {
        this.#at = start;
        this.#fail('a text begins here that has no closing quote');
      }
      if (character < ' ')
        this.#fail('a text holds a line break or control character: write \\n in its place');
      if (character !== '\\') continue;
      if (this.#match(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y) === undefined) {
        this.#fail('a text holds a backslash that begins no escape: write \\\\ for a backslash');
      }
      this.#at -= 1;
    }
    this.#at += 1;
    return String(JSON.parse(this.#text.slice(start, this.#at)));
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? '-')) this.#at += 1;
    const next = this.#text[this.#at];
    if (next === '#' || (next === '/' && '/*'.includes(this.#text[this.#at + 1] ?? '-'))) {
      this.#fail('there is a comment, which JSON does not allow');
    }
  }

  /** Skips space, and the character if it comes next. */
  #take(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    this.#space();
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #expected(what: string): never {
    const found = /[\w.$+-]{1,20}|./su.exec(this.#text.slice(this.#at, this.#at + 20))?.[0];
    const end = found === undefined ? 'the text ends' : `there is ${JSON.stringify(found)}`;
    return this.#fail(`expected ${what}, but ${end}`);
  }

  #fail(message: string): never {
    const before = this.#text.slice(0, this.#at).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new Found({ path: '', message: `line ${before.length}, column ${column}: ${message}` });
  }
}

function checkNumber(token: string, path: string): void {
  const value = Number(token);
  if (!Number.isFinite(value)) throw new Found({ path, message: 'is a larger number than JavaScript holds' });
  if (/^-?\d+$/.test(token) && !Number.isSafeInteger(value)) throw new Found({ path, message: LOST_DIGITS });
}

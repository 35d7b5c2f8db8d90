import { appendFileSync, rmSync } from 'node:fs';
import { format, parse, resolve } from 'node:path';
import { OptionsInvalid } from '../../../render/errors.js';

/** `orders.jsonl` has its failed lines in `orders.failed.jsonl`. */
export function failedFileFor(input: string): string {
  const { dir, name, ext } = parse(input);
  return format({ dir, name: `${name}.failed`, ext });
}

/** Lines that are to be corrected, in a file that is a batch itself. It is there only where there are such lines. */
export class FailedFile {
  readonly #path: string;
  #header: string | undefined;
  #hasLines = false;

  constructor(path: string, input: string) {
    if (resolve(path) === resolve(input)) {
      throw new OptionsInvalid(
        'the file of failed lines would replace the input: give another with --failed',
      );
    }
    this.#path = path;
  }

  /** Removes what an earlier run of the same batch left behind. */
  replace(): void {
    rmSync(this.#path, { force: true });
  }

  /** The file's path where it is there. */
  get path(): string | undefined {
    return this.#hasLines ? this.#path : undefined;
  }

  /** Written before the first line. */
  setHeader(raw: string): void {
    this.#header = raw;
  }

  /** Synchronous, so that lines which fail at once do not mix; they are few. */
  add(raw: string): void {
    const header = this.#hasLines || this.#header === undefined ? '' : `${this.#header}\n`;
    // Movies are nobody else's business.
    appendFileSync(this.#path, `${header}${raw}\n`, { mode: 0o600 });
    this.#hasLines = true;
  }
}

import { accessSync, appendFileSync, constants, existsSync, rmSync } from 'node:fs';
import { dirname, format, parse, resolve } from 'node:path';
import { OptionsInvalid } from '../../../render/errors.js';
import { messageOf } from '../../../text/text.js';

/** File of the lines that need correction. It is a batch itself, and exists only if there are such lines. */
export class FailedFile {
  readonly #path: string;
  #header: string | undefined;
  #hasLines = false;

  /**
   * Checks the place before anything is submitted: later a fault would lose the report.
   *
   * @param given a file that does not exist; by default `orders.failed.jsonl` beside the input `orders.jsonl`, which
   *   replaces that of an earlier run. Standard input has no name, so that the caller gives one.
   * @throws OptionsInvalid
   */
  constructor(input: string, given?: string) {
    this.#path = given ?? failedFileFor(input);
    if (resolve(this.#path) === resolve(input)) {
      throw new OptionsInvalid(
        'the file of failed lines would replace the input: give another with --failed',
      );
    }
    if (given !== undefined && existsSync(given)) {
      throw new OptionsInvalid(`${given} exists: give the name of a new file with --failed, or remove it`);
    }
    const folder = dirname(this.#path);
    try {
      accessSync(folder, constants.W_OK);
    } catch (error) {
      throw new OptionsInvalid(
        `the file of failed lines cannot be written to folder ${folder}: ${messageOf(error)}; create the folder, or give another with --failed`,
      );
    }
  }

  /** Removes the file of an earlier run of the same batch. */
  replace(): void {
    rmSync(this.#path, { force: true });
  }

  /** The file's path, if it exists. */
  get path(): string | undefined {
    return this.#hasLines ? this.#path : undefined;
  }

  /** Sets the text above the first line. */
  setHeader(raw: string): void {
    this.#header = raw;
  }

  /** Adds a line, synchronously, so that lines which fail at the same time do not mix; they are few. */
  add(raw: string): void {
    const header = this.#hasLines || this.#header === undefined ? '' : `${this.#header}\n`;
    // Movies are private.
    appendFileSync(this.#path, `${header}${raw}\n`, { mode: 0o600 });
    this.#hasLines = true;
  }
}

function failedFileFor(input: string): string {
  const { dir, name, ext } = parse(input);
  return format({ dir, name: `${name}.failed`, ext });
}

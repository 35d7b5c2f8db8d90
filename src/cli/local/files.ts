import { createReadStream } from 'node:fs';
import { FileInvalid, MovieInvalid } from '../../render/errors.js';
import { readJsonText } from '../../text/json-text.js';
import { messageOf } from '../../text/text.js';

/** Most bytes of a file that is read as a whole: far more than the largest movie, in any encoding. */
const INPUT_BYTES = 64 * 1024 * 1024;

/** Name by which the command line means standard input. */
export const STDIN = '-';

/** Returns the name of an input for people. */
export function inputName(path: string): string {
  return path === STDIN ? 'standard input' : path;
}

/**
 * Opens a file that the command line names, or standard input.
 *
 * @throws FileInvalid if nobody sends standard input anything
 */
export function openInput(path: string): AsyncIterable<Buffer> {
  if (path !== STDIN) return createReadStream(path);
  if (process.stdin.isTTY) {
    throw new FileInvalid('standard input is the terminal: send a file to it, as in `… - < movie.json`');
  }
  return process.stdin;
}

/**
 * Reads a file that the command line names, or standard input.
 *
 * @throws FileInvalid if it is missing or cannot be read
 */
export async function readTextFile(path: string): Promise<string> {
  const name = inputName(path);
  const bytes = await bytesOf(path).catch((error: unknown) => {
    if (error instanceof FileInvalid) throw error;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new FileInvalid(
      isMissing ? `there is no file ${path}` : `${name} cannot be read: ${messageOf(error)}`,
    );
  });
  // Other bytes would become question marks, and the movie another one.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new FileInvalid(`${name} is not text in UTF-8: save it in that encoding`);
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of openInput(path)) {
    sizeBytes += piece.length;
    if (sizeBytes > INPUT_BYTES) {
      throw new FileInvalid(`${inputName(path)} has more than ${INPUT_BYTES} bytes: it is no movie`);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/**
 * Reads a movie file.
 *
 * @throws FileInvalid if it is missing or holds no JSON; MovieInvalid if a number in it loses digits
 */
export async function readMovieFile(path: string): Promise<unknown> {
  const read = readJsonText(await readTextFile(path));
  if ('value' in read) return read.value;
  const { fault } = read;
  if (fault.path !== '') throw new MovieInvalid(`${fault.path} ${fault.message}`);
  throw new FileInvalid(`${inputName(path)} is not JSON: ${fault.message}`);
}

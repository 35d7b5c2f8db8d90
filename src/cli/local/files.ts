import { readFile } from 'node:fs/promises';
import { FileInvalid, MovieInvalid } from '../../render/errors.js';
import { readJsonText } from '../../text/json-text.js';
import { messageOf } from '../../text/text.js';

/**
 * Reads a file that the command line names.
 *
 * @throws FileInvalid if it is missing or cannot be read
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new FileInvalid(
      isMissing ? `there is no file ${path}` : `${path} cannot be read: ${messageOf(error)}`,
    );
  });
  // Other bytes would become question marks, and the movie another one.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new FileInvalid(`${path} is not text in UTF-8: save it in that encoding`);
  }
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
  throw new FileInvalid(`${path} is not JSON: ${fault.message}`);
}

import { readFile } from 'node:fs/promises';
import { FileInvalid } from '../../render/errors.js';
import { parseJson } from '../../text/json.js';
import { messageOf } from '../../text/text.js';

/**
 * Reads a file that the command line names.
 *
 * @throws FileInvalid if it is missing or cannot be read
 */
export async function readTextFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new FileInvalid(
      isMissing ? `there is no file ${path}` : `${path} cannot be read: ${messageOf(error)}`,
    );
  });
}

/**
 * Reads a movie file.
 *
 * @throws FileInvalid if it is missing or holds no JSON
 */
export async function readMovieFile(path: string): Promise<unknown> {
  const movie = parseJson(await readTextFile(path));
  if (movie === undefined) throw new FileInvalid(`${path} is not JSON`);
  return movie;
}

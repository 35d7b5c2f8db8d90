import { readFile } from 'node:fs/promises';
import { FileInvalid } from '../render/errors.js';
import { parseJson } from '../text/json.js';
import { messageOf } from '../text/text.js';

/** Reads a movie file. Throws FileInvalid where it is missing or not JSON. */
export async function readMovieFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new FileInvalid(
      isMissing ? `there is no file ${path}` : `${path} cannot be read: ${messageOf(error)}`,
    );
  });
  const movie = parseJson(text);
  if (movie === undefined) throw new FileInvalid(`${path} is not JSON`);
  return movie;
}

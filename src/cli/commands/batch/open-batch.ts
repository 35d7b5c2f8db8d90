import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { FileInvalid, OptionsInvalid } from '../../../render/errors.js';
import { isJsonObject } from '../../../text/json.js';
import { messageOf } from '../../../text/text.js';
import { openInput, readMovieFile, STDIN } from '../../local/files.js';
import { type Fill, readCsv } from './csv.js';
import { readJsonl } from './jsonl.js';
import type { BatchLine } from './line.js';

/** Template or movie whose variables the rows of a CSV file set. */
interface RowMovie {
  /** ID of a template of the provider. */
  readonly template?: string | undefined;
  /** Path of a movie file. */
  readonly movie?: string | undefined;
}

/** A batch file whose lines can be read. */
interface OpenBatch {
  /** Unknown of standard input. */
  readonly sizeBytes: number | undefined;
  /** The lines; they are read once, while they are taken. */
  readonly lines: AsyncIterable<BatchLine>;
}

/**
 * Opens a batch: a file whose name ends in `.csv` holds rows, any other file JSON lines. Standard input holds rows if there
 * is a movie for them.
 *
 * @throws FileInvalid, OptionsInvalid
 */
export async function openBatch(
  path: string,
  rowMovie: RowMovie,
  onHeader: (raw: string) => void,
): Promise<OpenBatch> {
  const isStdin = path === STDIN;
  if (isStdin && rowMovie.movie === STDIN) throw new OptionsInvalid('standard input is either rows or movie');
  const fill = await fillOf(rowMovie);
  const isCsv = isStdin ? fill !== undefined : extname(path).toLowerCase() === '.csv';
  if (isCsv && fill === undefined) {
    throw new OptionsInvalid('a CSV file holds only variables: give --template ID, or --movie FILE');
  }
  if (!isCsv && fill !== undefined) {
    throw new OptionsInvalid('--template and --movie are for CSV files: a JSON line has its own movie');
  }
  const sizeBytes = isStdin ? undefined : await sizeOf(path);
  const chunks = openInput(path);
  return {
    sizeBytes,
    lines: fill === undefined ? readJsonl(chunks, onHeader) : readCsv(chunks, fill, onHeader),
  };
}

async function sizeOf(path: string): Promise<number> {
  const info = await stat(path).catch((error: unknown) => {
    throw new FileInvalid(`${path} cannot be read: ${messageOf(error)}`);
  });
  if (!info.isFile()) throw new FileInvalid(`${path} is not a file`);
  return info.size;
}

async function fillOf({ template, movie: path }: RowMovie): Promise<Fill | undefined> {
  if (template !== undefined && path !== undefined) {
    throw new OptionsInvalid('give either --template or --movie');
  }
  if (template !== undefined) return (variables) => ({ template, variables });
  if (path === undefined) return undefined;
  const movie = await readMovieFile(path);
  if (!isJsonObject(movie)) throw new FileInvalid(`${path} holds no movie: it is not a JSON object`);
  const own = movie['variables'];
  return (variables) => ({ ...movie, variables: { ...(isJsonObject(own) ? own : {}), ...variables } });
}

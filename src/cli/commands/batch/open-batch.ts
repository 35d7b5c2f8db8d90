import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { FileInvalid, OptionsInvalid } from '../../../render/errors.js';
import { isJsonObject } from '../../../text/json.js';
import { messageOf } from '../../../text/text.js';
import { readMovieFile } from '../../movie-file.js';
import type { BatchLine } from './batch-line.js';
import { type Fill, readCsv } from './csv.js';
import { readJsonl } from './jsonl.js';

/** How the rows of a CSV file become movies. */
export interface Source {
  /** A template of the provider, whose variables a row sets. */
  readonly template?: string | undefined;
  /** A movie file, whose variables a row sets. */
  readonly movie?: string | undefined;
}

export interface OpenBatch {
  readonly sizeBytes: number;
  /** Read as they are taken, and once. */
  readonly lines: AsyncIterable<BatchLine>;
}

/**
 * Opens a batch: a file whose name ends in `.csv` holds rows, any other JSON lines.
 *
 * @throws FileInvalid, OptionsInvalid
 */
export async function openBatch(
  path: string,
  source: Source,
  onHeader: (raw: string) => void,
): Promise<OpenBatch> {
  const isCsv = extname(path).toLowerCase() === '.csv';
  const fill = await fillOf(source);
  if (isCsv && fill === undefined) {
    throw new OptionsInvalid('a CSV file holds variables only: give --template ID, or --movie FILE');
  }
  if (!isCsv && fill !== undefined) {
    throw new OptionsInvalid('--template and --movie are for CSV files: a JSON line has its own movie');
  }
  const info = await stat(path).catch((error: unknown) => {
    throw new FileInvalid(`${path} cannot be read: ${messageOf(error)}`);
  });
  if (!info.isFile()) throw new FileInvalid(`${path} is not a file`);
  const chunks = createReadStream(path);
  return {
    sizeBytes: info.size,
    lines: fill === undefined ? readJsonl(chunks) : readCsv(chunks, fill, onHeader),
  };
}

async function fillOf({ template, movie: path }: Source): Promise<Fill | undefined> {
  if (template !== undefined && path !== undefined)
    throw new OptionsInvalid('give either --template or --movie');
  if (template !== undefined) return (variables) => ({ template, variables });
  if (path === undefined) return undefined;
  const movie = await readMovieFile(path);
  if (!isJsonObject(movie)) throw new FileInvalid(`${path} does not hold a movie: it is not a JSON object`);
  const own = movie['variables'];
  return (variables) => ({ ...movie, variables: { ...(isJsonObject(own) ? own : {}), ...variables } });
}

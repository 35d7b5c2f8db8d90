import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { errors } from 'undici';
import { isJsonObject } from '../text/json.js';

type Decode = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const zlibInflate: Decode = promisify(inflate);
const rawInflate: Decode = promisify(inflateRaw);

/** Some servers send `deflate` without the header of zlib, which begins with method 8 and has a checksum. */
const inflateEither: Decode = (bytes, options) => {
  const isZlib = bytes.length > 1 && (bytes[0] ?? 0) % 16 === 8 && bytes.readUInt16BE(0) % 31 === 0;
  return (isZlib ? zlibInflate : rawInflate)(bytes, options);
};

const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', inflateEither],
  ['br', promisify(brotliDecompress)],
]);

/**
 * Returns the text of a body, decoded as its `Content-Encoding` says. Rejects if the coding is unknown or the bytes are
 * not whole; with ResponseExceededMaxSizeError if the text has more bytes than `maxBytes`.
 */
export async function decodeBody(
  body: Buffer,
  encoding: string | readonly string[] | undefined,
  maxBytes: number,
): Promise<string> {
  const codings = [encoding ?? []]
    .flat()
    .join()
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  let bytes = body;
  // The last coding was applied last. An empty body is empty in any coding.
  for (const coding of bytes.length === 0 ? [] : codings.toReversed()) {
    const decode = DECODERS.get(coding);
    if (decode === undefined) throw new Error('the reply has a content coding that was not asked for');
    bytes = await decode(bytes, { maxOutputLength: maxBytes }).catch((error: unknown) => {
      if (isTooLarge(error))
        throw new errors.ResponseExceededMaxSizeError(`the reply is over ${maxBytes} bytes`);
      throw error;
    });
  }
  return bytes.toString('utf8');
}

const isTooLarge = (error: unknown): boolean =>
  isJsonObject(error) && error['code'] === 'ERR_BUFFER_TOO_LARGE';

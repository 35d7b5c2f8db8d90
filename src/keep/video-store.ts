import type { Readable } from 'node:stream';

/** Facts about a file that is written. */
export interface NewFile {
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Ends the writing; nothing of the file is visible then. */
  readonly signal?: AbortSignal | undefined;
}

/** First and last byte of a part of a file. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Store in which videos are kept. A path has segments of letters, digits, `.`, `_`, `-` and `=`, with `/` between. A store
 * of your own, for another cloud, implements this interface; `createRenderWorker` and `Renders` take it as option `keep`.
 */
export interface VideoStore {
  /** Address of the whole store, without a slash at the end, e.g. `s3://videos/renders`. */
  readonly address: string;
  /**
   * Writes a file, unless one has this path: then it resolves to false and changes nothing. The file becomes visible when
   * it is whole. If `content` fails, nothing becomes visible, and the promise rejects with that error.
   */
  create(path: string, content: AsyncIterable<Uint8Array>, file: NewFile): Promise<boolean>;
  /** Returns the size of a file in bytes; undefined if there is none. */
  sizeOf(path: string): Promise<number | undefined>;
  /** Opens a file, or a part of it; rejects if there is none. */
  read(path: string, range?: ByteRange): Promise<Readable>;
  /** Deletes a file; a file that is not there is fine. */
  remove(path: string): Promise<void>;
  /** Returns the lasting public link of a file; undefined if the store has no public address. */
  publicUrl(path: string): string | undefined;
  /** Returns a link that works for so many seconds. Absent if the store signs none. */
  readonly signedUrl?: (path: string, seconds: number) => Promise<string>;
  /** Closes its connections. */
  close(): void;
}

/** Another file has the name of a video or of its manifest. It is never replaced, so repeating does not help. */
export class VideoConflict extends Error {
  override readonly name = 'VideoConflict';
}

/** Returns the address of a file in a store. */
export function addressOf(store: Pick<VideoStore, 'address'>, path: string): string {
  return `${store.address}/${path}`;
}

/** Returns the path of an address in a store; undefined if it is the address of another store. */
export function pathIn(store: Pick<VideoStore, 'address'>, address: string): string | undefined {
  const begin = `${store.address}/`;
  return address.startsWith(begin) ? address.slice(begin.length) : undefined;
}

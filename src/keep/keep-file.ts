import { createHash } from 'node:crypto';
import type { KeepVideoRequest, KeptVideo } from '../render/kept.js';
import { messageOf } from '../text/text.js';
import { readManifest, writeManifest } from './manifest.js';
import { Mp4Boxes } from './mp4-boxes.js';
import { addressOf, VideoConflict, type VideoStore } from './video-store.js';
import { videoPath } from './video-path.js';

/** A file at the provider, whose download has begun. */
export interface OpenedFile {
  /** Size that the reply announces. */
  readonly sizeBytes: number;
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the download. */
  close(): void;
}

/** What a transfer needs besides its store. */
interface Transfer {
  /** Begins the download of the provider's file. */
  readonly open: () => Promise<OpenedFile>;
  readonly namespace: string;
  readonly signal: AbortSignal;
  /** Called with the number of bytes that have passed. */
  readonly onBytes: (bytes: number) => void;
  readonly now: () => number;
}

/**
 * Copies a video into the store, once: a copy that is there already is only checked. Each step may be repeated after a
 * crash at any point.
 */
export async function keepFile(
  store: VideoStore,
  request: KeepVideoRequest,
  transfer: Transfer,
): Promise<KeptVideo> {
  const path = videoPath({ ...request, namespace: transfer.namespace });
  const before = await store.sizeOf(path);
  const isNew = before === undefined;
  const copied = isNew ? await copy(store, path, request, transfer) : undefined;
  const sizeBytes = isNew ? await store.sizeOf(path) : before;
  const expected = copied?.sizeBytes ?? request.sizeBytes ?? (await announcedSize(transfer));
  if (sizeBytes !== expected) throw conflict(addressOf(store, path), sizeBytes, expected);
  const known = { key: request.key, project: request.project, sizeBytes, source: sourceOf(request.url) };
  const manifest =
    (await readManifest(store, path, known)) ??
    (await writeManifest(store, path, {
      ...known,
      sha256: copied?.sha256 ?? (await digestOf(store, path, transfer)),
      keptAt: new Date(transfer.now()).toISOString(),
    }));
  const url = store.publicUrl(path);
  return {
    project: request.project,
    store: addressOf(store, path),
    ...(url === undefined ? {} : { url }),
    sha256: manifest.sha256,
    sizeBytes,
    keptAt: manifest.keptAt,
  };
}

function conflict(address: string, found: number | undefined, expected: number): VideoConflict {
  if (found === undefined) return new VideoConflict(`${address} was written, and is not there`);
  return new VideoConflict(
    `the object has ${found} bytes, and the provider's file has ${expected}: another file is never replaced; delete or move ${address}`,
  );
}

/** Downloads the file into the store. Returns nothing if another worker was faster: then its copy is checked. */
async function copy(
  store: VideoStore,
  path: string,
  { sizeBytes: named, project }: KeepVideoRequest,
  { open, signal, onBytes }: Transfer,
): Promise<{ readonly sizeBytes: number; readonly sha256: string } | undefined> {
  const file = await open();
  try {
    const { sizeBytes } = file;
    if (named !== null && named !== sizeBytes) {
      throw new Error(
        `the provider named ${named} bytes for project ${project}, and its file server announces ${sizeBytes}`,
      );
    }
    const passed = new Passed(sizeBytes, onBytes);
    const about = { contentType: 'video/mp4', sizeBytes, signal };
    const isOurs = await store.create(path, passed.through(file.body), about);
    return isOurs ? { sizeBytes, sha256: passed.sha256() } : undefined;
  } finally {
    file.close();
  }
}

/** What has passed of a video: its size, digest and boxes. The store makes a file visible only if all of it is right. */
class Passed {
  readonly #announced: number;
  readonly #onBytes: (bytes: number) => void;
  readonly #hash = createHash('sha256');
  readonly #boxes = new Mp4Boxes();
  #bytes = 0;

  constructor(announcedBytes: number, onBytes: (bytes: number) => void) {
    this.#announced = announcedBytes;
    this.#onBytes = onBytes;
  }

  async *through(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const bytes of body) {
      this.#bytes += bytes.length;
      this.#hash.update(bytes);
      this.#boxes.push(bytes);
      yield bytes;
      this.#onBytes(this.#bytes);
    }
    if (this.#bytes !== this.#announced) {
      throw new Error(`the file ended after ${this.#bytes} of ${this.#announced} bytes`);
    }
    this.#boxes.end();
  }

  sha256(): string {
    return this.#hash.digest('hex');
  }
}

/** Reads a copy whose manifest was never written: its worker died between the two. */
async function digestOf(store: VideoStore, path: string, { onBytes }: Transfer): Promise<string> {
  const sizeBytes = (await store.sizeOf(path)) ?? 0;
  const passed = new Passed(sizeBytes, onBytes);
  const body = passed.through(await store.read(path));
  try {
    while ((await body.next()).done !== true);
  } catch (error) {
    throw new VideoConflict(`${addressOf(store, path)} is there already, and ${messageOf(error)}`, {
      cause: error,
    });
  }
  return passed.sha256();
}

/** Asks the provider's file server for the size of a file that is in the store already. */
async function announcedSize({ open }: Transfer): Promise<number> {
  const file = await open();
  file.close();
  return file.sizeBytes;
}

/** Returns an address without its query, which may hold a signature. */
function sourceOf(url: string): string {
  const source = new URL(url);
  source.search = '';
  source.hash = '';
  return source.href;
}

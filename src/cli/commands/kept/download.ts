import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { request } from 'undici';
import { pathIn, type VideoStore } from '../../../keep/video-store.js';
import { ConfigInvalid, UsageInvalid } from '../../../render/errors.js';
import type { KeptVideo } from '../../../render/kept.js';

/** Writes a copy to a new file, whole and with the right digest, or not at all. */
export async function downloadCopy(
  copy: KeptVideo,
  store: VideoStore | undefined,
  file: string,
): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  const hash = createHash('sha256');
  try {
    await pipeline(
      await open(copy, store),
      async function* (body: AsyncIterable<Uint8Array>) {
        for await (const bytes of body) {
          hash.update(bytes);
          yield bytes;
        }
      },
      createWriteStream(part, { flags: 'wx' }),
    );
    const digest = hash.digest('hex');
    if (digest !== copy.sha256) {
      throw new Error(`the copy was changed since it was kept: its digest is ${digest}, not ${copy.sha256}`);
    }
    await link(part, file).catch((error: unknown) => {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
      throw new UsageInvalid(
        `${file} exists already`,
        'Give --download the name of a file that does not exist.',
      );
    });
  } finally {
    await rm(part, { force: true });
  }
}

async function open(copy: KeptVideo, store: VideoStore | undefined): Promise<Readable> {
  const path = store === undefined ? undefined : pathIn(store, copy.store);
  if (store !== undefined && path !== undefined) return store.read(path);
  if (copy.url === undefined) {
    throw new ConfigInvalid(
      `the copy ${copy.store} has no lasting link, and RENDERONCE_KEEP does not name its store here`,
      'Set RENDERONCE_KEEP as on the workers.',
    );
  }
  const { statusCode, body } = await request(copy.url);
  if (statusCode === 200) return body;
  await body.dump();
  throw new Error(`${copy.url} answers HTTP ${statusCode}`);
}

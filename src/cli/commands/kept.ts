import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { request } from 'undici';
import { type CommonOptions, newCommand, run } from '../command.js';
import { withRenders } from '../connect.js';
import { keepStore } from '../keep-store.js';
import { pathIn, type VideoStore } from '../../keep/video-store.js';
import { ConfigInvalid, UsageInvalid } from '../../render/errors.js';
import type { KeptVideo } from '../../render/kept.js';
import type { KeptCopy } from '../../starter/kept.js';

interface KeptOptions extends CommonOptions {
  readonly download?: string;
}

/** Creates `renderonce kept`, which waits for the copy of a video and says where it is. */
export function keptCommand(): Command {
  const examples = ['kept order-12345-thumbnail', 'kept order-12345-thumbnail --download video.mp4'];
  return newCommand('kept', examples)
    .argument('<key>', 'the business key')
    .option('--download <file>', 'write the copy to a new file, and check its digest')
    .action((key: string, options: KeptOptions) =>
      run(options, async (output) => {
        const copy = await withRenders((renders) => renders.kept(key));
        const file = options.download;
        if (file !== undefined) {
          const store = await keepStore();
          await downloadCopy(copy, store, file).finally(() => store?.close());
        }
        output.result({ ...copy, ...(file === undefined ? {} : { file }) }, linesOf(copy, file));
      }),
    );
}

function linesOf({ key, project, url, store, sha256, sizeBytes, keptAt }: KeptCopy, file?: string): string[] {
  return [
    `${key}: kept, project ${project}, ${sizeBytes} bytes, at ${keptAt}`,
    `  ${url ?? store}`,
    ...(url === undefined ? [] : [`  ${store}`]),
    `  sha256 ${sha256}`,
    ...(file === undefined ? [] : [`  written to ${file}`]),
  ];
}

/** Writes a copy to a new file, whole and with the right digest, or not at all. */
async function downloadCopy(copy: KeptVideo, store: VideoStore | undefined, file: string): Promise<void> {
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

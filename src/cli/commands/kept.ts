import type { Command } from 'commander';
import type { KeptCopy } from '../../starter/kept.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { withRenders } from '../connect.js';
import { keepStore } from '../keep-store.js';
import { downloadCopy } from './kept/download.js';

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

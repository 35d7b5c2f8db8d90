import type { Command } from 'commander';
import { type CommonOptions, newCommand, numberOption, run } from '../command.js';
import { BATCH_LANES_MAX } from '../limits.js';

export interface BatchOptions extends CommonOptions {
  readonly concurrency: number;
  readonly template?: string;
  readonly movie?: string;
  readonly failed?: string;
  readonly wait?: boolean;
}

/** `renderonce batch`: submits thousands of movies. */
export function batchCommand(): Command {
  return newCommand('batch', [
    'batch orders.jsonl',
    'batch orders.jsonl --concurrency 50 --wait --json',
    'batch houses.csv --template LerKrmBfiqaIgBuacLWn',
    'batch orders.failed.jsonl',
  ])
    .argument(
      '<file>',
      'a line for each movie: { "key", "movie", "options"? }; or .csv: a column "key", the others variables',
    )
    .option('--concurrency <count>', 'lines under way at once', numberOption(1, BATCH_LANES_MAX), 20)
    .option('--template <id>', "CSV: the provider's template whose variables the columns set")
    .option('--movie <file>', 'CSV: a movie file whose variables the columns set')
    .option(
      '--failed <file>',
      'where rejected and failed lines go (default: beside the file, as <name>.failed)',
    )
    .option('--wait', 'wait for the videos')
    .action((file: string, options: BatchOptions) =>
      run(options, async (output) => {
        const { batch } = await import('./batch/batch.js');
        return batch(file, options, output);
      }),
    );
}

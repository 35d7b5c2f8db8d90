import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { warningsAbout } from '../../movie/check.js';
import { parseIgnore } from '../../movie/ignored.js';
import { parseMovie } from '../../movie/movie.js';
import { parseOptions } from '../../render/options.js';
import type { Renders } from '../../starter.js';
import { messageOf } from '../../text/text.js';
import {
  type CommonOptions,
  EXIT,
  newCommand,
  numberOption,
  type OrderOptions,
  run,
  withOrderOptions,
} from '../command.js';
import { withRenders } from '../connect.js';
import { inputName, STDIN } from '../local/files.js';
import type { Output } from '../print/output.js';
import { FailedFile } from './batch/failed-file.js';
import { type BatchLine, isEngineLost } from './batch/line.js';
import { openBatch } from './batch/open-batch.js';
import { reportDocument, reportLines, showProgress } from './batch/report.js';
import { runBatch } from './batch/run-batch.js';
import { Tally } from './batch/tally.js';

interface BatchOptions extends CommonOptions, OrderOptions {
  readonly concurrency: number;
  readonly template?: string;
  readonly movie?: string;
  readonly failed?: string;
  readonly wait?: boolean;
}

/** Most lines in progress at once; each holds its movie in memory and one call open at the engine. */
const CONCURRENCY = { min: 1, max: 200, whole: true };

/** Most videos to wait for at once: each holds a long poll open, of which a frontend of the engine takes 1,200. */
const WAITS_MAX = 500;

/** Creates `renderonce batch`, which submits thousands of movies. */
export function batchCommand(): Command {
  const command = newCommand('batch', [
    'batch orders.jsonl',
    'batch orders.jsonl --concurrency 50 --wait --json',
    'batch houses.csv --template LerKrmBfiqaIgBuacLWn',
    'batch orders.failed.jsonl',
    'batch - < orders.jsonl',
  ])
    .argument(
      '<file>',
      'a line for each movie: { "key", "movie", "options"? }; or .csv: a column "key", the others variables; - is standard input',
    )
    .addOption(numberOption('--concurrency <count>', 'lines in progress at once', CONCURRENCY).default(20))
    .option('--template <id>', "CSV: the provider's template whose variables the columns set")
    .option('--movie <file>', 'CSV: a movie file whose variables the columns set')
    .option(
      '--failed <file>',
      'a new file for rejected and failed lines (default: beside the input, as <name>.failed; of standard input stdin.failed)',
    )
    .option('--wait', 'wait for the videos');
  return withOrderOptions(command).action((file: string, options: BatchOptions) =>
    run(options, (output) => batch(file, options, output)),
  );
}

/** Runs a batch, shows its progress, prints its report, and returns the exit code. */
async function batch(file: string, options: BatchOptions, output: Output): Promise<number> {
  assertForAll(options);
  const failed = new FailedFile(file, options.failed ?? failedLinesOf(file, options));
  const open = await openBatch(file, options, (header) => failed.setHeader(header));
  // An input that is piped has no file of failed lines of its own that could be replaced.
  if (file !== STDIN) failed.replace();
  const tally = new Tally();
  const stop = new AbortController();
  // Every wait for a video adds a listener.
  setMaxListeners(0, stop.signal);
  const interrupted = (): void => {
    output.note('stopping: finishing what is in progress; a second Ctrl-C ends at once');
    stop.abort();
  };
  process.once('SIGINT', interrupted);
  const startedMs = Date.now();
  try {
    await withRenders(async (renders) => {
      const terminal = options.json === true ? undefined : process.stderr;
      const stopProgress = showProgress(tally, open.sizeBytes, output, terminal);
      try {
        await submitAll({ renders, lines: open.lines, options, stop, failed, tally });
      } finally {
        stopProgress();
      }
    });
  } finally {
    process.removeListener('SIGINT', interrupted);
  }
  const facts = {
    file: inputName(file),
    tally,
    seconds: (Date.now() - startedMs) / 1_000,
    isWaiting: options.wait === true,
    stopped: reasonOf(stop.signal),
    failedFile: failed.path,
  };
  output.result(reportDocument(facts), reportLines(facts));
  if (isEngineLost(stop.signal.reason)) return EXIT.unreachable;
  return tally.isClean && !stop.signal.aborted ? 0 : EXIT.outcome;
}

/** Finds wrong options for all lines before the command connects. @throws OptionsInvalid */
function assertForAll({ ignore = [], keep, notify }: BatchOptions): void {
  parseIgnore(ignore);
  parseOptions({ keep, notify });
}

/** Returns a name for the failed lines of standard input; a file has its own beside it. */
function failedLinesOf(file: string, { template, movie }: BatchOptions): string | undefined {
  if (file !== STDIN) return undefined;
  return template === undefined && movie === undefined ? 'stdin.failed.jsonl' : 'stdin.failed.csv';
}

interface BatchParts {
  readonly renders: Renders;
  readonly lines: AsyncIterable<BatchLine>;
  readonly options: BatchOptions;
  readonly stop: AbortController;
  readonly failed: FailedFile;
  readonly tally: Tally;
}

function submitAll({ renders, lines, options, stop, failed, tally }: BatchParts): Promise<void> {
  const isWaiting = options.wait === true;
  const { ignore, ifDifferent, keep, notify } = options;
  const forAll = { ignore, ifDifferent, keep, notify };
  return runBatch({
    lines,
    concurrency: options.concurrency,
    waits: WAITS_MAX,
    stop,
    pause,
    submit: ({ key, movie, options: how }) =>
      renders.submitOnce(key, parseMovie(movie, key), {
        ...forAll,
        ...how,
        ...(isWaiting ? { untilSettled: true, signal: stop.signal } : {}),
      }),
    finish: isWaiting ? (key) => renders.result(key, { signal: stop.signal }) : undefined,
    ended: (line, end) => {
      tally.add(line, end);
      if ('order' in line) {
        const { key, movie, options: how } = line.order;
        const { submitPatienceSeconds } = how;
        tally.warn(line, key, warningsAbout(movie, submitPatienceSeconds));
      }
      const needsCorrection = end.end === 'rejected' || end.end === 'failed';
      if (needsCorrection && line.raw !== undefined) failed.add(line.raw);
    },
  });
}

/** Returns why the batch stopped before the end of the file; undefined if it did not. */
function reasonOf({ aborted, reason }: AbortSignal): string | undefined {
  if (!aborted) return undefined;
  return isEngineLost(reason) ? messageOf(reason) : 'interrupted';
}

import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { parseMovie } from '../../../movie/movie.js';
import { messageOf } from '../../../text/text.js';
import type { Renders } from '../../../starter.js';
import type { BatchOptions } from '../batch.js';
import { EXIT } from '../../exit-code.js';
import { BATCH_WAITS } from '../../limits.js';
import type { Output } from '../../print/output.js';
import { withRenders } from '../../local/surroundings.js';
import { showProgress } from './batch-progress.js';
import { FailedFile, failedFileFor } from './failed-file.js';
import { stopsBatch } from './line-end.js';
import { openBatch, type OpenBatch } from './open-batch.js';
import { reportDocument, reportLines } from './report.js';
import { runBatch } from './run-batch.js';
import { Tally } from './tally.js';

/** Runs a batch, shows how far it is, and prints the report; gives the exit code. */
export async function batch(file: string, options: BatchOptions, output: Output): Promise<number> {
  const failed = new FailedFile(options.failed ?? failedFileFor(file), file);
  const open = await openBatch(file, options, (header) => failed.setHeader(header));
  failed.replace();
  const tally = new Tally();
  const stop = new AbortController();
  // Every video that is waited for listens.
  setMaxListeners(0, stop.signal);
  const interrupted = (): void => {
    output.note('stopping: what is under way is finished; once more ends it at once');
    stop.abort();
  };
  process.once('SIGINT', interrupted);
  const startedMs = Date.now();
  try {
    await withRenders(async (renders) => {
      const terminal = options.json === true ? undefined : process.stderr;
      const stopProgress = showProgress(tally, open.sizeBytes, output, terminal);
      try {
        await submitAll({ renders, open, options, stop, failed, tally });
      } finally {
        stopProgress();
      }
    });
  } finally {
    process.removeListener('SIGINT', interrupted);
  }
  const seconds = (Date.now() - startedMs) / 1_000;
  const facts = {
    file,
    tally,
    seconds,
    isWaiting: options.wait === true,
    stopped: stoppedBy(stop.signal),
    failedFile: failed.path,
  };
  output.result(reportDocument(facts), reportLines(facts));
  if (stopsBatch(stop.signal.reason)) return EXIT.unreachable;
  return tally.isClean && !stop.signal.aborted ? 0 : EXIT.outcome;
}

interface Submission {
  readonly renders: Renders;
  readonly open: OpenBatch;
  readonly options: BatchOptions;
  readonly stop: AbortController;
  readonly failed: FailedFile;
  readonly tally: Tally;
}

function submitAll({ renders, open, options, stop, failed, tally }: Submission): Promise<void> {
  const isWaiting = options.wait === true;
  return runBatch({
    lines: open.lines,
    concurrency: options.concurrency,
    waits: BATCH_WAITS,
    stop,
    pause,
    submit: ({ key, movie, options: how }) =>
      renders.submitOnce(key, parseMovie(movie, key), {
        ...how,
        ...(isWaiting ? { untilSettled: true, signal: stop.signal } : {}),
      }),
    finish: isWaiting ? (key) => renders.result(key, { signal: stop.signal }) : undefined,
    ended: (line, end) => {
      tally.add(line, end);
      const isToCorrect = end.end === 'rejected' || end.end === 'failed';
      if (isToCorrect && line.raw !== undefined) failed.add(line.raw);
    },
  });
}

function stoppedBy({ aborted, reason }: AbortSignal): string | undefined {
  if (!aborted) return undefined;
  return stopsBatch(reason) ? messageOf(reason) : 'interrupted';
}

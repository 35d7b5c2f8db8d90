import { EngineNotSetUp } from '../../../render/errors.js';
import type { RenderedMovie } from '../../../render/outcome.js';
import { ENGINE_TRIES } from '../../limits.js';
import type { BatchLine, BatchOrder } from './batch-line.js';
import { endOfError, type LineEnd, type NotAccepted, stopsBatch } from './line-end.js';
import { movieLengthSeconds } from './movie-length.js';

export interface BatchTerms {
  readonly lines: AsyncIterable<BatchLine>;
  /** Lines under way at once. */
  readonly concurrency: number;
  readonly submit: (order: BatchOrder) => Promise<{ readonly replayed: boolean }>;
  /** Waits for the video; absent where nobody waits. */
  readonly finish?: ((key: string) => Promise<RenderedMovie>) | undefined;
  /** Videos waited for at once. */
  readonly waits: number;
  readonly pause: (ms: number) => Promise<void>;
  /** Told once for each line, in the order of their ends. */
  readonly ended: (line: BatchLine, end: LineEnd) => Promise<void> | void;
  /** Aborted from outside or by an engine that is lost: no further line is begun. */
  readonly stop: AbortController;
}

/**
 * Submits the lines, at most `concurrency` at once. What is under way is finished also after a stop. Waiting for videos
 * takes no place of those lanes: a render takes minutes, a submission a moment.
 *
 * @throws what reading the lines throws
 */
export async function runBatch(terms: BatchTerms): Promise<void> {
  const source = terms.lines[Symbol.asyncIterator]();
  const waiting = new Set<Promise<void>>();
  const lane = async (): Promise<void> => {
    while (!terms.stop.signal.aborted) {
      const next = await source.next();
      if (next.done === true) return;
      const wait = await begin(terms, next.value);
      if (wait === undefined) continue;
      const waited: Promise<void> = wait().finally(() => waiting.delete(waited));
      waiting.add(waited);
      if (waiting.size >= terms.waits) await Promise.race(waiting);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: terms.concurrency }, lane));
  await Promise.all(waiting);
  await source.return?.();
  for (const each of lanes) if (each.status === 'rejected') throw each.reason;
}

/** Submits one line. What is left to do where its video is awaited. */
async function begin(terms: BatchTerms, line: BatchLine): Promise<(() => Promise<void>) | undefined> {
  const { finish, submit, ended } = terms;
  if ('problem' in line) {
    await ended(line, { end: 'failed', code: 'LineInvalid', message: line.problem });
    return undefined;
  }
  const { key, movie } = line.order;
  const submitted = await orItsEnd(terms, () => submit(line.order));
  if ('end' in submitted) {
    await ended(line, submitted);
    return undefined;
  }
  const end = submitted.replayed ? 'replayed' : 'submitted';
  if (finish === undefined) {
    await ended(line, { end, isDone: false, durationSeconds: movieLengthSeconds(movie) });
    return undefined;
  }
  return async () => {
    const video = await orItsEnd(terms, () => finish(key));
    await ended(
      line,
      'end' in video ? video : { end, isDone: true, durationSeconds: video.durationSeconds ?? undefined },
    );
  };
}

/**
 * What the work gives, or what its failure means for the line. It is repeated while the engine does not answer, for it may
 * be restarting, and a key is safe to repeat.
 */
async function orItsEnd<T extends object>(
  { pause, stop }: BatchTerms,
  work: () => Promise<T>,
): Promise<T | NotAccepted> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const { aborted, reason } = stop.signal;
      if (aborted && error === reason && !stopsBatch(error)) return INTERRUPTED;
      const isLost = tries >= ENGINE_TRIES || aborted || error instanceof EngineNotSetUp;
      if (!stopsBatch(error) || isLost) {
        if (stopsBatch(error)) stop.abort(error);
        return endOfError(error);
      }
      await pause(1_000 * 2 ** (tries - 1));
    }
  }
}

const INTERRUPTED: NotAccepted = {
  end: 'pending',
  code: 'Interrupted',
  message: 'the batch was stopped while the video was awaited; the render goes on',
};

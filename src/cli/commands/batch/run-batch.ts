import { EngineNotSetUp } from '../../../render/errors.js';
import type { RenderedMovie } from '../../../render/outcome.js';
import type { Submitted } from '../../../starter/submit.js';
import {
  type BatchLine,
  type BatchOrder,
  endOfError,
  isEngineLost,
  type LineEnd,
  type LineFailed,
  movieLengthSeconds,
} from './line.js';

/** Tries of one call while the engine does not answer, after 1, 2, 4, 8 and 16 s: it may be restarting. */
const ENGINE_TRIES = 6;

/** Lines of a batch, and the calls that each of them makes. */
interface BatchTerms {
  readonly lines: AsyncIterable<BatchLine>;
  /** Most lines in progress at once. */
  readonly concurrency: number;
  readonly submit: (order: BatchOrder) => Promise<Pick<Submitted, 'replayed' | 'differences'>>;
  /** Waits for the video; absent if the batch does not wait. */
  readonly finish?: ((key: string) => Promise<RenderedMovie>) | undefined;
  /** Most videos to wait for at once. */
  readonly waits: number;
  readonly pause: (ms: number) => Promise<void>;
  /** Called once for each line, in the order of their ends. */
  readonly ended: (line: BatchLine, end: LineEnd) => Promise<void> | void;
  /** Aborted by the caller, or when the engine is lost: then no further line begins. */
  readonly stop: AbortController;
}

/**
 * Submits the lines, at most `concurrency` at once. After a stop it finishes the lines in progress. A wait for a video
 * takes no place among them, since a render takes minutes and a submission a moment.
 *
 * @throws every error of reading the lines
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

/** Submits one line. Returns the wait for its video, if the batch waits. */
async function begin(terms: BatchTerms, line: BatchLine): Promise<(() => Promise<void>) | undefined> {
  const { finish, submit, ended } = terms;
  if ('problem' in line) {
    await ended(line, { end: 'failed', code: 'LineInvalid', message: line.problem });
    return undefined;
  }
  const { key, movie } = line.order;
  const submitted = await orFailed(terms, () => submit(line.order));
  if ('end' in submitted) {
    await ended(line, submitted);
    return undefined;
  }
  const { differences } = submitted;
  const end = submitted.replayed ? 'replayed' : 'submitted';
  if (finish === undefined) {
    await ended(line, { end, isDone: false, durationSeconds: movieLengthSeconds(movie), differences });
    return undefined;
  }
  return async () => {
    const video = await orFailed(terms, () => finish(key));
    await ended(
      line,
      'end' in video
        ? video
        : { end, isDone: true, durationSeconds: video.durationSeconds ?? undefined, differences },
    );
  };
}

/**
 * Returns the result of the work, or the end of a line whose work failed. It repeats the work while the engine does not
 * answer, for the engine may be restarting, and a key is safe to repeat.
 */
async function orFailed<T extends object>(
  { pause, stop }: BatchTerms,
  work: () => Promise<T>,
): Promise<T | LineFailed> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const { aborted, reason } = stop.signal;
      if (aborted && error === reason && !isEngineLost(error)) return INTERRUPTED;
      const isLastTry = tries >= ENGINE_TRIES || aborted || error instanceof EngineNotSetUp;
      if (!isEngineLost(error) || isLastTry) {
        if (isEngineLost(error)) stop.abort(error);
        return endOfError(error);
      }
      await pause(1_000 * 2 ** (tries - 1));
    }
  }
}

const INTERRUPTED: LineFailed = {
  end: 'pending',
  code: 'Interrupted',
  message: 'the batch was stopped while it waited for the video; the render continues',
};

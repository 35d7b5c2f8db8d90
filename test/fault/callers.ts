import { movieOf, optionsOf } from './cell-keys.js';
import type { CellKey } from './aim.js';
import type { Asked, Called } from './starter.js';

/** What a caller was told at last. */
export interface Answer {
  readonly key: string;
  /** An outcome's status, `held`, or the code of an error that no outcome stands behind. */
  readonly told: string;
  readonly project?: string | undefined;
  readonly message?: string | undefined;
  readonly atMs: number;
}

/** Not answers: the same call is made again, as every backend does. */
export const TRY_AGAIN: ReadonlySet<string> = new Set([
  'NoWorker',
  'EngineUnavailable',
  'SubmissionPending',
  'TryAgain',
]);

const PAUSE_MS = 500;

/** The callers of a cell: each key is asked for over and over until it has an answer. */
export class Callers {
  readonly #backend: Asked;
  readonly #submitTimeoutSeconds: number | undefined;
  readonly #gone = new AbortController();

  constructor(backend: Asked, submitTimeoutSeconds?: number) {
    this.#backend = backend;
    this.#submitTimeoutSeconds = submitTimeoutSeconds;
  }

  /** Ends all asking. */
  stop(): void {
    this.#gone.abort();
  }

  /** The answer, or nothing where the asking was stopped. */
  async ask(key: CellKey): Promise<Answer | undefined> {
    while (!this.#gone.signal.aborted) {
      const answer = answerOf(key.key, await this.callOnce(key));
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return undefined;
  }

  callOnce(key: CellKey): Promise<Called> {
    const options = optionsOf(key, this.#submitTimeoutSeconds);
    return this.#backend.call('render', key.key, movieOf(key), options);
  }
}

/** What a call tells for good; nothing where it is to be made again. */
export function answerOf(key: string, called: Called): Answer | undefined {
  const atMs = Date.now();
  if ('gone' in called) return undefined;
  if ('value' in called) {
    const { status, project } = called.value;
    return { key, told: String(status), project: String(project), atMs };
  }
  const { code, message, state, outcome, project } = called.error;
  if (outcome !== undefined) return { key, told: outcome.status, project: outcome.project, atMs };
  if (state === 'held') return { key, told: 'held', atMs };
  return TRY_AGAIN.has(code) ? undefined : { key, told: code, project, message, atMs };
}

import type { CallOptions } from '../temporal/ask-engine.js';
import { RenderonceError, UnfinishedRender } from '../render/errors.js';
import type { Outcome } from '../render/outcome.js';
import type { RenderState } from '../render/state.js';
import type { Renders } from '../starter.js';
import type { RenderStatus } from '../starter/status.js';
import type { Caller } from './caller.js';
import { shownKeyOf } from './caller.js';

/** A render as the engine knows it, with its outcome if it has one. Its keys are the engine's. */
export interface EngineView extends RenderStatus {
  readonly outcome?: Outcome;
}

/** Reads the view of a key. Throws as `renders.status` does. */
export async function readView(renders: Renders, key: string, options: CallOptions): Promise<EngineView> {
  return withOutcome(renders, await renders.status(key, options), options);
}

/** Adds the outcome to the status of an ended render. */
export async function withOutcome(
  renders: Renders,
  status: RenderStatus,
  options: CallOptions,
): Promise<EngineView> {
  const { key, state, closedAt, project } = status;
  // The engine's index shows the end some milliseconds before the run closes.
  const isClosing = closedAt === undefined && STATES_AT_THE_END.includes(state);
  if (project === undefined || (closedAt === undefined && !isClosing)) return status;
  const closed = async (): Promise<RenderStatus> => (isClosing ? renders.status(key, options) : status);
  // If the key was started again meanwhile, its result is that of another run, which may take hours.
  const isLate = AbortSignal.timeout(RESULT_MS);
  const until = options.signal === undefined ? isLate : AbortSignal.any([options.signal, isLate]);
  try {
    const outcome = await renders.result(key, { signal: until });
    return { ...(await closed()), outcome };
  } catch (error) {
    if (isLate.aborted) return status;
    if (error instanceof UnfinishedRender && error.outcome !== undefined)
      return { ...(await closed()), outcome: error.outcome };
    // A run that ended in doubt has no outcome; the message says why.
    const isEnd = error instanceof RenderonceError && ENDS_WITHOUT_OUTCOME.includes(error.code);
    if (isEnd) return closed();
    throw error;
  }
}

/** States of a run that has a project and is about to close. */
const STATES_AT_THE_END: readonly RenderState[] = ['done', 'failed', 'timed-out', 'cancelled'];

/** Longest wait for the outcome of a closed render, which the engine has at hand. */
const RESULT_MS = 10_000;

const ENDS_WITHOUT_OUTCOME = [
  'MovieRejected',
  'BudgetExceeded',
  'RenderCancelled',
  'RenderAbandoned',
  'IdempotencyKeyReused',
  'KeyNotFound',
];

/** Returns a view with the keys that a caller uses, and without the token of the call that started the run. */
export function shownView(caller: Caller, { outcome, ...status }: EngineView) {
  const key = shownKeyOf(caller, status.key) ?? '';
  if (outcome === undefined) return { ...status, key };
  const { caller: _caller, decisions, ...shown } = outcome;
  return {
    ...status,
    key,
    outcome: { ...shown, key, ...(decisions === undefined ? {} : { decisions: [...decisions] }) },
  };
}

import { proxySinks, type Sinks, workflowInfo } from '@temporalio/workflow';
import type { HintResult } from '../render/hint-result.js';
import type { Outcome } from '../render/outcome.js';
import type { Submission } from '../render/submission.js';
import type { SubmissionEnd } from './submission.js';

/** How a run ended, accepted or not. */
export type RunEnd = Outcome['status'] | Exclude<SubmissionEnd['end'], 'accepted'>;

/**
 * What a run reports of itself to the process that hosts it, for its metrics: never on replay, and more than once where a
 * workflow task is repeated. Nothing may depend on it.
 */
export interface RenderEvents extends Sinks {
  readonly render: {
    submitted(end: Submission['end']): void;
    accepted(sinceStartMs: number): void;
    hinted(result: HintResult): void;
    ended(end: RunEnd, facts: EndFacts): void;
  };
}

interface EndFacts {
  readonly sinceStartMs: number;
  /** Whether the movie had been accepted. */
  readonly wasAccepted: boolean;
  /** Of the video, where there is one and the provider told. */
  readonly durationSeconds?: number | null;
}

export const { render: events } = proxySinks<RenderEvents>();

/** Time since the run began, on the engine's clock. */
export function sinceStartMs(): number {
  return Date.now() - workflowInfo().startTime.getTime();
}

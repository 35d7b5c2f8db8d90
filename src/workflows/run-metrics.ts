import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { EventType } from '../render/event.js';
import type { Keeping } from '../render/kept.js';
import type { HintResult } from '../render/reading.js';
import type { Outcome } from '../render/outcome.js';
import type { Submission } from '../render/submission.js';
import type { SubmissionEnd } from './ends.js';

/** The end of a run: its outcome, or the end of a submission that was not accepted. */
type FinalStatus = Outcome['status'] | Exclude<SubmissionEnd['end'], 'accepted'>;

/**
 * Facts that a run reports to the worker for its metrics. The SDK does not report on replay, and reports twice if a
 * workflow task is repeated, so nothing may depend on them.
 */
export interface RunMetrics extends Sinks {
  readonly render: {
    submitted(end: Submission['end']): void;
    accepted(sinceStartMs: number): void;
    hinted(result: HintResult): void;
    ended(end: FinalStatus, facts: EndFacts): void;
    kept(result: Exclude<Keeping['state'], 'none' | 'keeping'>): void;
    undelivered(type: EventType): void;
  };
}

/** Facts that a budget reports. */
export interface BudgetMetrics extends Sinks {
  readonly budget: {
    reported(name: string, event: 'budget.soft_exceeded' | 'budget.exceeded'): void;
  };
}

interface EndFacts {
  readonly sinceStartMs: number;
  /** True if the movie was accepted. */
  readonly wasAccepted: boolean;
  /** Length of the video; null if the provider did not report it. */
  readonly durationSeconds?: number | null;
}

export const { render: metrics } = proxySinks<RunMetrics>();
export const { budget: budgetMetrics } = proxySinks<BudgetMetrics>();

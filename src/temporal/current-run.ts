import {
  type Client,
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { KeyNotFound } from '../render/errors.js';
import { isJsonObject } from '../text/json.js';
import type { Outcome } from '../render/outcome.js';
import { isRenderState, type RenderState } from '../render/state.js';
import { messageOf } from '../text/text.js';
import { failureMessage } from './failure-message.js';
import { RENDER_PROJECT, RENDER_STATE } from '../workflows/messages.js';

/** A key's newest run, as the engine describes it; needs no worker. */
export interface CurrentRun {
  readonly runId: string;
  readonly status: 'running' | 'completed' | 'failed' | 'canceled' | 'terminated' | 'timed out';
  readonly startedAt: Date;
  readonly closedAt?: Date;
  readonly taskQueue: string;
  readonly fingerprint?: string;
  readonly state?: RenderState;
  readonly project?: string;
  /** The last failure of a pending status check: the provider's status in words. */
  readonly checking?: string;
  /** Events in its history. */
  readonly historyLength: number;
  /** Activities under way, as the engine describes them. */
  readonly pending: readonly PendingActivity[];
}

type Described = Awaited<ReturnType<WorkflowHandle['describe']>>['raw'];

export type PendingActivity = NonNullable<Described['pendingActivities']>[number];

const STATUS: Readonly<Record<string, CurrentRun['status']>> = {
  RUNNING: 'running',
  PAUSED: 'running',
  COMPLETED: 'completed',
  CONTINUED_AS_NEW: 'completed',
  FAILED: 'failed',
  CANCELLED: 'canceled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed out',
};

/** The key's newest run, or nothing where the engine knows none. */
export async function describeCurrentRun(client: Client, key: string): Promise<CurrentRun | undefined> {
  try {
    const run = await client.workflow.getHandle(key).describe();
    const fingerprint = run.memo?.['fingerprint'];
    const state = run.typedSearchAttributes.get(RENDER_STATE);
    const project = run.typedSearchAttributes.get(RENDER_PROJECT);
    const pending = run.raw.pendingActivities ?? [];
    const checks = pending.filter((activity) => activity.activityType?.name === 'checkMovie');
    const failures = await Promise.all(checks.map(({ lastFailure }) => failureMessage(client, lastFailure)));
    const checking = failures.find((message) => !!message);
    return {
      runId: run.runId,
      status: runStatus(run.status.name),
      startedAt: run.startTime,
      ...(run.closeTime === undefined ? {} : { closedAt: run.closeTime }),
      taskQueue: run.taskQueue,
      historyLength: run.historyLength,
      ...(typeof fingerprint === 'string' ? { fingerprint } : {}),
      ...(isRenderState(state) ? { state } : {}),
      ...(project === undefined ? {} : { project }),
      ...(checking ? { checking } : {}),
      pending,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** As `describeCurrentRun`, where there must be one. Throws KeyNotFound. */
export async function requireCurrentRun(client: Client, key: string): Promise<CurrentRun> {
  const run = await describeCurrentRun(client, key);
  if (run === undefined) throw new KeyNotFound(`the engine knows no render under key ${key}`, { key });
  return run;
}

/** A run's status by the name that the engine's client gives it. */
export function runStatus(name: string): CurrentRun['status'] {
  return STATUS[name] ?? 'running';
}

/** Before its first task a run has no state of its own, and one that was ended from outside could not set its last. */
export function stateOfRun(run: Pick<CurrentRun, 'status' | 'state'>): RenderState {
  if (run.status === 'terminated' || run.status === 'timed out') return 'abandoned';
  return run.state ?? 'submitting';
}

/** How a closed run ended: with an outcome, or with the failure's type and details. */
export type RunEnd =
  | { readonly outcome: Outcome }
  | {
      readonly failure: string;
      readonly message: string;
      readonly caller?: string;
      readonly httpStatus?: number;
      /** What people decided, oldest first, as the failure carries it. */
      readonly decisions?: readonly unknown[];
    };

/** Reads how a run ended; waits for it where it is still open. */
export async function readRunEnd(client: Client, key: string, runId: string): Promise<RunEnd> {
  try {
    const handle = client.workflow.getHandle<() => Promise<Outcome>>(key, runId, { followRuns: false });
    return { outcome: await handle.result() };
  } catch (error) {
    if (error instanceof WorkflowFailedError) return endOfFailure(error.cause);
    throw error;
  }
}

/** The type and details of a failure of update or workflow. */
export function endOfFailure(cause: Error | undefined): Extract<RunEnd, { failure: string }> {
  if (!(cause instanceof ApplicationFailure))
    return { failure: cause?.name ?? 'unknown', message: messageOf(cause) };
  const details: unknown = cause.details?.[0];
  const { caller, httpStatus, decisions } = isJsonObject(details) ? details : {};
  return {
    failure: cause.type ?? 'unknown',
    message: cause.message,
    ...(typeof caller === 'string' ? { caller } : {}),
    ...(typeof httpStatus === 'number' ? { httpStatus } : {}),
    ...(Array.isArray(decisions) ? { decisions } : {}),
  };
}

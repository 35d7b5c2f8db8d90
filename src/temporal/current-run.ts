import {
  type Client,
  WorkflowFailedError,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { KeyNotFound, KeyTaken } from '../render/errors.js';
import type { Outcome } from '../render/outcome.js';
import { isRenderState, type RenderState } from '../render/state.js';
import { isJsonObject } from '../text/json.js';
import { messageOf, shorten } from '../text/text.js';
import { ATTRIBUTES, type FailureDetails, WORKFLOWS } from '../workflows/messages.js';
import { failureMessage } from './decode.js';
import { isNotFound } from './engine-errors.js';

/** The part of a run that the engine's index shows, too. */
interface ShownRun {
  readonly status: 'running' | 'completed' | 'failed' | 'canceled' | 'terminated' | 'timed out';
  readonly state: RenderState;
  readonly project?: string;
  /** The account that may hold what is in doubt, or that holds the project. */
  readonly account?: string;
  readonly startedAt: Date;
  readonly closedAt?: Date;
}

/** The newest run of a key, as the engine describes it; a description needs no worker. */
export interface CurrentRun extends ShownRun {
  readonly runId: string;
  readonly taskQueue: string;
  /** ID of the chain's first run. */
  readonly firstRunId?: string;
  /** The budget of a run that has ended. */
  readonly budget?: string;
  readonly fingerprint?: string;
  /** Places of the movie that the fingerprint leaves out. */
  readonly ignore?: readonly string[];
  /** The last failure of a pending status check: the provider's status in words. */
  readonly checking?: string;
  /** Number of events in its history. */
  readonly historyLength: number;
  /** Activities that are scheduled or started, as the engine describes them. */
  readonly pending: NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>;
}

const STATUS: Readonly<Record<string, ShownRun['status']>> = {
  RUNNING: 'running',
  PAUSED: 'running',
  COMPLETED: 'completed',
  CONTINUED_AS_NEW: 'completed',
  FAILED: 'failed',
  CANCELLED: 'canceled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed out',
};

/** Reads the part of a description that the engine's index shows, too. */
export function shownRun(info: Omit<WorkflowExecutionInfo, 'raw'>): ShownRun {
  const status = STATUS[info.status.name] ?? 'running';
  const attribute = info.typedSearchAttributes.get(ATTRIBUTES.state);
  const project = info.typedSearchAttributes.get(ATTRIBUTES.project);
  const account = info.typedSearchAttributes.get(ATTRIBUTES.account);
  const isEndedFromOutside = status === 'terminated' || status === 'timed out';
  // A run that another client started has no attribute before its first task.
  const state = isRenderState(attribute) ? attribute : 'submitting';
  return {
    status,
    state: isEndedFromOutside ? 'abandoned' : state,
    ...(project === undefined ? {} : { project }),
    ...(account === undefined ? {} : { account }),
    startedAt: info.startTime,
    ...(info.closeTime === undefined ? {} : { closedAt: info.closeTime }),
  };
}

/** Describes the newest run of a key; returns nothing if the engine knows none. Throws KeyTaken if it is no render. */
export async function describeCurrentRun(client: Client, key: string): Promise<CurrentRun | undefined> {
  try {
    const run = await client.workflow.getHandle(key).describe();
    if (run.type !== WORKFLOWS.render) {
      throw new KeyTaken(
        `a workflow of type ${shorten(run.type, 60)} has this ID in namespace ${client.options.namespace}`,
        { key },
      );
    }
    const fingerprint = run.memo?.['fingerprint'];
    const ignore = ignoreIn(run.memo);
    const pending = run.raw.pendingActivities ?? [];
    const checks = pending.filter((activity) => activity.activityType?.name === 'checkMovie');
    const failures = await Promise.all(checks.map(({ lastFailure }) => failureMessage(client, lastFailure)));
    const checking = failures.find((message) => !!message);
    return {
      ...shownRun(run),
      runId: run.runId,
      taskQueue: run.taskQueue,
      historyLength: run.historyLength,
      ...paidFrom(run),
      ...(typeof fingerprint === 'string' ? { fingerprint } : {}),
      ...(ignore.length === 0 ? {} : { ignore }),
      ...(checking ? { checking } : {}),
      pending,
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function paidFrom({ raw, typedSearchAttributes }: WorkflowExecutionDescription) {
  const firstRunId = raw.workflowExecutionInfo?.firstRunId;
  const budget = typedSearchAttributes.get(ATTRIBUTES.budget);
  return { ...(firstRunId ? { firstRunId } : {}), ...(budget === undefined ? {} : { budget }) };
}

/** Reads the places that a run's fingerprint leaves out from its memo, which clients in any language may have written. */
function ignoreIn(memo: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const ignore = memo?.['ignore'];
  return Array.isArray(ignore) ? ignore.filter((place: unknown) => typeof place === 'string') : [];
}

/** Describes the newest run of a key, else throws KeyNotFound. */
export async function requireCurrentRun(client: Client, key: string): Promise<CurrentRun> {
  const run = await describeCurrentRun(client, key);
  if (run === undefined) throw new KeyNotFound(`the engine knows no render under key ${key}`, { key });
  return run;
}

/** The end that a closed run recorded: an outcome, or a failure. */
type RunResult = { readonly outcome: Outcome } | RunFailure;

/** The failure of a run or of an update. */
interface RunFailure extends Partial<Pick<FailureDetails, 'caller' | 'httpStatus' | 'project' | 'code'>> {
  /** Its type, of `FAILURES` if it is one of ours. */
  readonly failure: string;
  readonly message: string;
  /** Decisions of people, oldest first and unchecked. */
  readonly decisions?: readonly unknown[];
}

/** Reads how a run, the newest one by default, ended. Waits for the end if the run is still open. */
export async function readRunResult(client: Client, key: string, runId?: string): Promise<RunResult> {
  try {
    const handle = client.workflow.getHandle<() => Promise<Outcome>>(key, runId, { followRuns: false });
    return { outcome: await handle.result() };
  } catch (error) {
    if (error instanceof WorkflowFailedError) return failureOf(error.cause);
    throw error;
  }
}

/** Reads type and details of a failure of an update or a run. */
export function failureOf(cause: Error | undefined): RunFailure {
  if (!(cause instanceof ApplicationFailure))
    return { failure: cause?.name ?? 'unknown', message: messageOf(cause) };
  const details: unknown = cause.details?.[0];
  const { caller, httpStatus, project, code, decisions } = isJsonObject(details) ? details : {};
  return {
    failure: cause.type ?? 'unknown',
    message: cause.message,
    ...(typeof caller === 'string' ? { caller } : {}),
    ...(typeof httpStatus === 'number' ? { httpStatus } : {}),
    ...(typeof project === 'string' ? { project } : {}),
    ...(code === 'BudgetExceeded' || code === 'OptionsInvalid' ? { code } : {}),
    ...(Array.isArray(decisions) ? { decisions } : {}),
  };
}

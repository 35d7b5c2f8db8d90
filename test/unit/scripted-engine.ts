import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TerminatedFailure,
  TypedSearchAttributes,
} from '@temporalio/common';
import type { Outcome } from '../../src/render/outcome.js';
import type { RenderRequest } from '../../src/render/request.js';
import { ATTRIBUTES } from '../../src/workflows/messages.js';
import type { CurrentRun } from '../../src/temporal/current-run.js';
import { clientOf, type StartOptions, type StartReply } from './scripted-client.js';

/** A run of the scripted engine's one key. */
export interface ScriptedRun {
  readonly runId: string;
  /** ID of the run that it was reset from, if it was. */
  readonly firstRunId?: string;
  readonly status: CurrentRun['status'];
  readonly request: RenderRequest;
  /** The list in its memo of what its fingerprint leaves out. */
  readonly ignore?: readonly string[] | undefined;
  readonly startedAtMs: number;
  readonly closedAtMs?: number;
  readonly outcome?: Outcome;
  /** Type of the failure with which it closed. */
  readonly failure?: string;
  /** Search attribute RenderAccount. */
  readonly account?: string;
  /** Update IDs that it has answered. */
  readonly updates?: readonly string[];
  /** `renderMovie` by default. */
  readonly type?: string;
}

/** A start that the engine was asked for and took. */
export interface Taken {
  readonly workflowIdReusePolicy: unknown;
  readonly lookFrom?: string | undefined;
  readonly lookUntil?: string | undefined;
  readonly lookAccount?: string | undefined;
  readonly after?: string | undefined;
}

/** Two of the statuses of the engine's API. */
const RUNNING = 1;
const CLOSED = 3;

const STATUS_NAMES: Readonly<Record<CurrentRun['status'], string>> = {
  running: 'RUNNING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  canceled: 'CANCELLED',
  terminated: 'TERMINATED',
  'timed out': 'TIMED_OUT',
};

/** The engine's rules about one key, in memory, so that a test can change the key between two calls. */
export class ScriptedEngine {
  /** Oldest first; the last is the key's newest run. */
  runs: ScriptedRun[];
  readonly calls: string[] = [];
  readonly taken: Taken[] = [];
  /** Runs before each call, with its name. */
  before: (call: string) => void | Promise<void> = () => undefined;
  /** Runs while a call waits for the end of a submission, once. */
  meanwhile: () => void | Promise<void> = () => undefined;
  /** True while no worker is up: then the client sends an update with start again and again. */
  hasNoWorker = false;

  constructor(...runs: ScriptedRun[]) {
    this.runs = runs;
  }

  get client(): Client {
    return clientOf({
      hasNoWorker: () => this.hasNoWorker,
      describe: async (runId) => this.#describe(await this.#find('describe', runId)),
      result: async (runId) => this.#result(await this.#find('result', runId)),
      cancel: async (runId) => void (await this.#find('cancel', runId)),
      update: async (runId) => this.#waitIn((await this.#find('update', runId)).runId),
      waitIn: (runId) => this.#waitIn(runId),
      start: (options) => this.#start(options),
      updateWithStart: (options, updateId) => this.#updateWithStart(options, updateId),
      firstEvent: (runId) => this.#find('first event', runId),
    });
  }

  async #called(call: string): Promise<void> {
    this.calls.push(call);
    await this.before(call);
  }

  async #find(call: string, runId?: string): Promise<ScriptedRun> {
    await this.#called(call);
    const run = runId === undefined ? this.runs.at(-1) : this.runs.find((each) => each.runId === runId);
    if (run === undefined) throw new WorkflowNotFoundError('not found', 'key', runId);
    return run;
  }

  #describe({
    runId,
    status,
    request,
    ignore,
    startedAtMs,
    closedAtMs,
    account,
    type = 'renderMovie',
  }: ScriptedRun): object {
    return {
      runId,
      type,
      status: { name: STATUS_NAMES[status] },
      startTime: new Date(startedAtMs),
      ...(closedAtMs === undefined ? {} : { closeTime: new Date(closedAtMs) }),
      memo: { fingerprint: request.fingerprint, ...(ignore === undefined ? {} : { ignore }) },
      typedSearchAttributes: new TypedSearchAttributes(
        account === undefined ? [] : [{ key: ATTRIBUTES.account, value: account }],
      ),
      taskQueue: 'renderonce',
      historyLength: 5,
      raw: {},
    };
  }

  #result({ status, outcome, failure, request }: ScriptedRun): Outcome {
    if (outcome !== undefined) return outcome;
    throw new WorkflowFailedError(
      'failed',
      status === 'canceled' ? new CancelledFailure('Workflow canceled') : failureOf(failure, request),
      RetryState.NON_RETRYABLE_FAILURE,
    );
  }

  async #start(options: StartOptions): Promise<object> {
    await this.#called('start');
    return { firstExecutionRunId: this.#take(options) };
  }

  async #updateWithStart(options: StartOptions, updateId: string): Promise<StartReply> {
    await this.#called('update with start');
    const newest = this.runs.at(-1);
    const isOpen = newest?.status === 'running';
    const isJoined = newest !== undefined && (isOpen || newest.updates?.includes(updateId));
    const runId = isJoined ? newest.runId : this.#take(options);
    const status = isJoined && !isOpen ? CLOSED : RUNNING;
    return { runId, started: !isJoined, status };
  }

  /** Answers an update of a run, at once or when `meanwhile` has changed the run. */
  async #waitIn(runId: string): Promise<unknown> {
    const { meanwhile } = this;
    this.meanwhile = () => undefined;
    await meanwhile();
    const run = this.runs.find((each) => each.runId === runId);
    const isLost = run === undefined || (run.status !== 'running' && run.updates === undefined);
    if (isLost) throw new WorkflowNotFoundError('workflow execution already completed', 'key', runId);
    const { failure, request } = run;
    if (failure !== undefined) throw new WorkflowUpdateFailedError('failed', failureOf(failure, request));
    const { fingerprint, caller } = request;
    const head = { key: 'key', submittedAt: '2026-11-24T10:00:00.000Z' };
    return { ...head, project: `project of ${runId}`, fingerprint, caller };
  }

  #take({ args: [request], memo, workflowIdReusePolicy }: StartOptions): string {
    const newest = this.runs.at(-1);
    const isFree =
      newest === undefined ||
      (workflowIdReusePolicy === 'ALLOW_DUPLICATE_FAILED_ONLY' &&
        newest.status !== 'running' &&
        newest.status !== 'completed');
    if (!isFree) throw new WorkflowExecutionAlreadyStartedError('already started', 'key', 'renderMovie');
    const { lookFrom, lookUntil, lookAccount, after } = request.options ?? {};
    this.taken.push({ workflowIdReusePolicy, lookFrom, lookUntil, lookAccount, after });
    const runId = `run ${this.runs.length + 1}`;
    this.runs.push({ runId, status: 'running', request, ignore: memo?.ignore, startedAtMs: Date.now() });
    return runId;
  }
}

function failureOf(type: string | undefined, { caller }: RenderRequest): Error {
  if (type === undefined) return new TerminatedFailure('terminated');
  return ApplicationFailure.create({
    type,
    message: 'the reason',
    details: [{ caller, httpStatus: 400, project: 'p7' }],
  });
}

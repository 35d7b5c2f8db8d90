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
  defaultFailureConverter,
  defaultPayloadConverter,
  RetryState,
  TerminatedFailure,
  TypedSearchAttributes,
} from '@temporalio/common';
import type { Outcome } from '../../src/render/outcome.js';
import type { RenderRequest } from '../../src/render/request.js';
import type { CurrentRun } from '../../src/temporal/current-run.js';

/** A run of the scripted engine's one key. */
export interface ScriptedRun {
  readonly runId: string;
  readonly status: CurrentRun['status'];
  readonly request: RenderRequest;
  readonly startedAtMs: number;
  readonly closedAtMs?: number;
  readonly outcome?: Outcome;
  /** Type of the failure with which it closed. */
  readonly failure?: string;
  /** Update IDs that it has answered. */
  readonly updates?: readonly string[];
}

/** A start that the engine was asked for and took. */
export interface Taken {
  readonly workflowIdReusePolicy: unknown;
  readonly updateId?: string;
  readonly lookFrom?: string | undefined;
  readonly lookUntil?: string | undefined;
}

interface StartOptions {
  readonly args: readonly [RenderRequest];
  readonly workflowIdReusePolicy?: unknown;
}

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

  constructor(...runs: ScriptedRun[]) {
    this.runs = runs;
  }

  get client(): Client {
    const handle = (runId?: string): object => ({
      describe: async () => this.#describe(await this.#find('describe', runId)),
      result: async () => this.#result(await this.#find('result', runId)),
    });
    return {
      options: {
        namespace: 'default',
        loadedDataConverter: {
          payloadConverter: defaultPayloadConverter,
          failureConverter: defaultFailureConverter,
          payloadCodecs: [],
        },
      },
      withDeadline: (_deadline: number, work: () => unknown) => work(),
      withAbortSignal: (_signal: AbortSignal, work: () => unknown) => work(),
      workflow: {
        getHandle: (_key: string, runId?: string) => handle(runId),
        start: (_type: string, options: StartOptions) => this.#start(options),
        executeUpdateWithStart: (
          _update: unknown,
          {
            startWorkflowOperation,
            updateId,
          }: { startWorkflowOperation: { options: StartOptions }; updateId: string },
        ) => this.#updateWithStart(startWorkflowOperation.options, updateId),
      },
      workflowService: {
        getWorkflowExecutionHistory: async ({ execution }: { execution: { runId?: string } }) => {
          const { request } = await this.#find('first event', execution.runId);
          const input = { payloads: [defaultPayloadConverter.toPayload(request)] };
          return { history: { events: [{ workflowExecutionStartedEventAttributes: { input } }] } };
        },
        describeTaskQueue: async () => ({ pollers: [] }),
      },
    } as unknown as Client;
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

  #describe({ runId, status, request, startedAtMs, closedAtMs }: ScriptedRun): object {
    return {
      runId,
      status: { name: STATUS_NAMES[status] },
      startTime: new Date(startedAtMs),
      ...(closedAtMs === undefined ? {} : { closeTime: new Date(closedAtMs) }),
      memo: { fingerprint: request.fingerprint },
      typedSearchAttributes: new TypedSearchAttributes(),
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

  async #start(options: StartOptions): Promise<void> {
    await this.#called('start');
    this.#take(options);
  }

  async #updateWithStart(options: StartOptions, updateId: string): Promise<unknown> {
    await this.#called('update with start');
    const newest = this.runs.at(-1);
    const [{ fingerprint, caller }] = options.args;
    const head = { key: 'key', submittedAt: '2026-11-24T10:00:00.000Z' };
    if (newest !== undefined && (newest.status === 'running' || newest.updates?.includes(updateId))) {
      const { failure, request, runId } = newest;
      if (failure !== undefined) throw new WorkflowUpdateFailedError('failed', failureOf(failure, request));
      return {
        ...head,
        project: `project of ${runId}`,
        fingerprint: request.fingerprint,
        caller: request.caller,
      };
    }
    this.#take(options, updateId);
    return { ...head, project: `project of ${this.runs.at(-1)?.runId}`, fingerprint, caller };
  }

  #take({ args: [request], workflowIdReusePolicy }: StartOptions, updateId?: string): void {
    const newest = this.runs.at(-1);
    const isFree =
      newest === undefined ||
      (workflowIdReusePolicy === 'ALLOW_DUPLICATE_FAILED_ONLY' &&
        newest.status !== 'running' &&
        newest.status !== 'completed');
    if (!isFree) throw new WorkflowExecutionAlreadyStartedError('already started', 'key', 'renderMovie');
    const { lookFrom, lookUntil } = request.options ?? {};
    this.taken.push({
      workflowIdReusePolicy,
      ...(updateId === undefined ? {} : { updateId }),
      lookFrom,
      lookUntil,
    });
    this.runs.push({
      runId: `run ${this.runs.length + 1}`,
      status: 'running',
      request,
      startedAtMs: Date.now(),
    });
  }
}

function failureOf(type: string | undefined, { caller }: RenderRequest): Error {
  if (type === undefined) return new TerminatedFailure('terminated');
  return ApplicationFailure.create({ type, message: 'the reason', details: [{ caller, httpStatus: 400 }] });
}

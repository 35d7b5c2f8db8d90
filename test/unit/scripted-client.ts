import type { Client } from '@temporalio/client';
import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { RenderRequest } from '../../src/render/request.js';

export interface StartOptions {
  readonly args: readonly [RenderRequest];
  readonly memo?: { readonly ignore?: readonly string[] };
  readonly workflowIdReusePolicy?: unknown;
}

/** The engine's reply to the start of an update with start. */
export interface StartReply {
  readonly runId: string;
  readonly started: boolean;
  readonly status: number;
}

/** The calls that a scripted engine answers. Without a run ID they are about the key's newest run. */
interface EngineCalls {
  hasNoWorker(): boolean;
  describe(runId?: string): Promise<object>;
  result(runId?: string): Promise<unknown>;
  cancel(runId?: string): Promise<void>;
  update(runId?: string): Promise<unknown>;
  waitIn(runId: string): Promise<unknown>;
  start(options: StartOptions): Promise<object>;
  updateWithStart(options: StartOptions, updateId: string): Promise<StartReply>;
  firstEvent(runId?: string): Promise<FirstEvent>;
}

interface FirstEvent {
  readonly request: RenderRequest;
  readonly startedAtMs: number;
  readonly runId: string;
  readonly firstRunId?: string;
}

interface UpdateWithStart {
  readonly startWorkflowOperation: { readonly options: StartOptions };
  readonly updateId: string;
}

/** The part of Temporal's client that sends an update with start, as it uses its own service. */
interface Sender {
  readonly workflowService: {
    executeMultiOperation(request: object): Promise<{
      readonly responses: readonly [{ readonly startWorkflow: StartReply }];
    }>;
  };
}

/** Returns a client of a scripted engine. */
export function clientOf(engine: EngineCalls): Client {
  const converters = { payloadConverter: defaultPayloadConverter, failureConverter: defaultFailureConverter };
  return {
    options: { namespace: 'default', loadedDataConverter: { ...converters, payloadCodecs: [] } },
    withDeadline: (_deadline: number, work: () => unknown) => work(),
    withAbortSignal: (_signal: AbortSignal, work: () => unknown) => work(),
    workflow: {
      getHandle: (_key: string, runId?: string) => ({
        describe: () => engine.describe(runId),
        result: () => engine.result(runId),
        cancel: () => engine.cancel(runId),
        executeUpdate: () => engine.update(runId),
      }),
      start: (_type: string, options: StartOptions) => engine.start(options),
      async executeUpdateWithStart(this: Sender, _update: unknown, given: UpdateWithStart): Promise<unknown> {
        const request = { options: given.startWorkflowOperation.options, updateId: given.updateId };
        for (;;) {
          const { responses } = await this.workflowService.executeMultiOperation(request);
          // While no worker has accepted the update, the SDK sends the whole once more.
          if (!engine.hasNoWorker()) return engine.waitIn(responses[0].startWorkflow.runId);
        }
      },
    },
    workflowService: {
      executeMultiOperation: async (request: { options: StartOptions; updateId: string }) => ({
        responses: [{ startWorkflow: await engine.updateWithStart(request.options, request.updateId) }],
      }),
      getWorkflowExecutionHistory: async ({ execution }: { execution: { runId?: string } }) => {
        const { request, startedAtMs, runId, firstRunId } = await engine.firstEvent(execution.runId);
        const input = { payloads: [defaultPayloadConverter.toPayload(request)] };
        const started = { input, firstExecutionRunId: firstRunId ?? runId };
        const eventTime = msToTs(startedAtMs);
        return {
          history: { events: [{ eventTime, workflowExecutionStartedEventAttributes: started }] },
        };
      },
      describeTaskQueue: async () => ({ pollers: [] }),
    },
  } as unknown as Client;
}

import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { createRenderActivities, type RenderActivities } from '../../src/callers/index.js';
import { quietRuntime } from './quiet-runtime.js';
import type { Stage } from './stage.js';
import { taken } from './taken.js';

/** A user's own worker beside the stage of the renders. */
export interface CallerStage {
  readonly client: Client;
  readonly taskQueue: string;
  /** Starts a workflow of `caller-workflows.ts`. */
  start(workflow: string, ...args: readonly unknown[]): Promise<WorkflowHandle>;
  close(): Promise<void>;
}

interface CallerOptions {
  /** The namespace of the user's workflows, that of the renders by default. */
  readonly namespace?: string;
  /** A new one by default. */
  readonly taskQueue?: string;
  /** That of the user's client and worker. */
  readonly dataConverter?: DataConverter;
  /** That of the client of the activities, the stage's by default. */
  readonly ofRenders?: DataConverter;
  /** Changes the activities, to make them fail. */
  readonly instead?: (activities: RenderActivities) => Partial<RenderActivities>;
}

let bundle: Promise<{ code: string }> | undefined;

export async function openCallers(stage: Stage, options: CallerOptions = {}): Promise<CallerStage> {
  quietRuntime();
  bundle ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('caller-workflows.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const { address } = stage.engine;
  const { namespace = stage.engine.namespace, dataConverter = {}, ofRenders, instead = () => ({}) } = options;
  const { taskQueue = `callers-${randomUUID().slice(0, 8)}` } = options;
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const client = new Client({ connection, namespace, dataConverter });
  const rendersClient =
    ofRenders === undefined
      ? stage.client
      : new Client({ connection, namespace: stage.engine.namespace, dataConverter: ofRenders });
  const activities = createRenderActivities({ client: rendersClient, taskQueue: stage.taskQueue });
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    dataConverter,
    workflowBundle: await bundle,
    activities: { ...activities, ...instead(activities) },
    debugMode: true,
    stickyQueueScheduleToStartTimeout: '1s',
  });
  const running = worker.run();
  const close = taken(`the callers' worker of ${taskQueue}`, async () => {
    worker.shutdown();
    await running;
    await native.close();
    await connection.close();
  });
  return {
    client,
    taskQueue,
    start: (workflow, ...args) =>
      client.workflow.start(workflow, {
        taskQueue,
        workflowId: `caller-${randomUUID()}`,
        args: [...args],
        // A test does not wait for ever.
        workflowExecutionTimeout: '5m',
      }),
    close,
  };
}

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ActivityDependencies } from '../../../src/activities/dependencies.js';
import type * as Client from '../../../src/json2video/client.js';
import type * as Receiver from '../../../src/receiver/index.js';
import type { RenderOptionsInput } from '../../../src/render/options.js';
import type { Outcome } from '../../../src/render/outcome.js';
import { CARD, SECRET } from '../../support/stage.js';
import {
  hostRenders,
  openSkippedTime,
  type RenderHandle,
  type WorkerCode,
} from '../../support/time-skipping.js';
import type { Answer } from '../callers.js';
import type { Ground } from './control.js';

export const KEY = 'control';
export const FINGERPRINT = 'f'.repeat(64);

/** A render on skipped time, with a worker and a receiver of the code under test. */
export interface SkippedRun {
  readonly env: TestWorkflowEnvironment;
  readonly handle: RenderHandle;
  /** Has the provider report a status to the receiver. */
  readonly report: (project: string, status: string) => Promise<void>;
}

export interface SkippedTerms {
  readonly webhooks?: boolean;
  readonly options?: RenderOptionsInput;
  readonly provider: (
    env: TestWorkflowEnvironment,
    code: { readonly createJson2Video: typeof Client.createJson2Video },
  ) => Client.Json2Video & Pick<ActivityDependencies, 'indexOf' | 'lookFrom'>;
  /** What happens to the render; answers what its callers were told before its end. */
  readonly happens?: ((run: SkippedRun) => Promise<readonly Answer[]>) | undefined;
  /** What is still to come when the render has ended. */
  readonly after?: (run: SkippedRun) => Promise<unknown> | undefined;
}

/** Plays one render to its end; answers what was told of it. */
export async function playSkipped(
  { dist, bundle, timeSkipping }: Ground,
  terms: SkippedTerms,
): Promise<readonly Answer[]> {
  const { createActivities } = await load<Pick<WorkerCode, 'createActivities'>>(dist, 'activities/index.js');
  const client = await load<typeof Client>(dist, 'json2video/client.js');
  const receiver = await load<typeof Receiver>(dist, 'receiver/index.js');
  const code = { bundle: await bundle(), createActivities };
  const env = await openSkippedTime(timeSkipping);
  const json2video = terms.provider(env, client);
  const close = await hostRenders(env, json2video, terms.webhooks === true, code);
  try {
    const handle = await start(env, terms.options);
    const run = { env, handle, report: reporter(env, receiver) };
    const told = (await terms.happens?.(run)) ?? [];
    const answers = [...told, await answerOf(handle)];
    await terms.after?.(run);
    return answers;
  } finally {
    await close();
    await json2video.close();
  }
}

/** A module of the code under test. */
export async function load<Module>(dist: string, file: string): Promise<Module> {
  const module: Module = await import(pathToFileURL(join(dist, file)).href);
  return module;
}

function start(env: TestWorkflowEnvironment, options: RenderOptionsInput = {}): Promise<RenderHandle> {
  return env.client.workflow.start<(request: unknown) => Promise<Outcome>>('renderMovie', {
    workflowId: KEY,
    taskQueue: 'renderonce',
    args: [{ movie: CARD, fingerprint: FINGERPRINT, caller: KEY, options }],
    // Without it the server runs ten years ahead after a workflow closes.
    workflowExecutionTimeout: '30 days',
  });
}

function reporter(
  { client }: TestWorkflowEnvironment,
  { createWebhookHandler, signToken }: typeof Receiver,
): SkippedRun['report'] {
  const secrets = [SECRET];
  const handle = createWebhookHandler({ client, secrets });
  const token = signToken(KEY, new Date(Date.now() + 3_600_000), secrets);
  return async (project, status) => {
    await handle(
      new Request(`https://hooks.example.com/json2video/${token}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ project, status }),
      }),
    );
  };
}

async function answerOf(handle: RenderHandle): Promise<Answer> {
  const about = { key: KEY, atMs: Date.now() };
  try {
    const { status, project } = await handle.result();
    return { ...about, told: status, project };
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : error;
    return { ...about, told: 'nothing', message: String(cause) };
  }
}

import type { Client } from '@temporalio/client';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { NoWorker } from '../render/errors.js';
import { checksQueueOf } from '../workflows/messages.js';
import { setCurrentCommand } from './deployments.js';

/** The engine lists pollers for minutes after they have gone; a live one asks again within its long poll of a minute. */
const POLLER_SILENT_MS = 75_000;

/** TASK_QUEUE_TYPE_WORKFLOW and TASK_QUEUE_TYPE_ACTIVITY of the engine's API. */
const WORKFLOW_TASKS = 1;
const ACTIVITY_TASKS = 2;

/** WORKER_VERSIONING_MODE_VERSIONED of the engine's API. */
const VERSIONED = 2;

/** The workers that poll a task queue, and those of them that get its tasks. */
export interface Serving {
  /** Versions of the versioned workers that poll, each once. */
  readonly versions: readonly WorkerDeploymentVersion[];
  readonly hasUnversioned: boolean;
  /** Version that gets the tasks; absent while unversioned workers get them. */
  readonly current?: WorkerDeploymentVersion | undefined;
  /** Version that gets a part of the tasks instead; without a version, unversioned workers get that part. */
  readonly ramping?: { readonly version?: WorkerDeploymentVersion | undefined; readonly percentage: number };
}

/** Reads which workers poll the task queue now, as far as the engine can tell, and which of them get its tasks. */
export async function readServing(client: Client, taskQueue: string): Promise<Serving> {
  const { pollers, versioningInfo } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW_TASKS,
  });
  const now = Date.now();
  const live = (pollers ?? []).filter((poller) => {
    const seenMs = Number(poller.lastAccessTime?.seconds ?? 0) * 1_000;
    return now - seenMs < POLLER_SILENT_MS;
  });
  const polling = live.map(({ deploymentOptions }) =>
    Number(deploymentOptions?.workerVersioningMode) === VERSIONED ? versionOf(deploymentOptions) : undefined,
  );
  const versions = polling.filter((version) => version !== undefined);
  const percentage = versioningInfo?.rampingVersionPercentage ?? 0;
  return {
    versions: versions.filter((one, at) => versions.findIndex((other) => isSame(one, other)) === at),
    hasUnversioned: polling.includes(undefined),
    current: versionOf(versioningInfo?.currentDeploymentVersion),
    ...(percentage > 0
      ? { ramping: { version: versionOf(versioningInfo?.rampingDeploymentVersion), percentage } }
      : {}),
  };
}

type NamedVersion = { readonly deploymentName?: string | null; readonly buildId?: string | null };

function versionOf(named: NamedVersion | null | undefined): WorkerDeploymentVersion | undefined {
  const { deploymentName, buildId } = named ?? {};
  return deploymentName && buildId ? { deploymentName, buildId } : undefined;
}

/** Returns true if both are the same version. */
function isSame(one: WorkerDeploymentVersion, other: WorkerDeploymentVersion | undefined): boolean {
  return one.deploymentName === other?.deploymentName && one.buildId === other.buildId;
}

/** Returns true if a worker of the version polls; without a version, if an unversioned worker does. */
export function isPolled(serving: Serving, version: WorkerDeploymentVersion | undefined): boolean {
  return version === undefined
    ? serving.hasUnversioned
    : serving.versions.some((each) => isSame(each, version));
}

/** Reason why no worker gets the tasks of a task queue, and what a person does about it. */
interface Idle {
  readonly message: string;
  readonly fix: string;
}

/** Returns the reason why no worker gets the tasks of the task queue; nothing if one does. */
export async function readIdle(client: Client, taskQueue: string): Promise<Idle | undefined> {
  const serving = await readServing(client, taskQueue);
  const { versions, current, ramping } = serving;
  if (isPolled(serving, current) || (ramping !== undefined && isPolled(serving, ramping.version)))
    return undefined;
  const [idle] = versions;
  if (idle === undefined) {
    return {
      message: `no worker polls task queue ${taskQueue}`,
      fix: 'start `renderonce worker` with the same task queue and namespace',
    };
  }
  const why =
    current === undefined
      ? `deployment ${idle.deploymentName} has no current version`
      : `none has the current version, build ID ${current.buildId} of deployment ${current.deploymentName}`;
  return {
    message: `workers poll task queue ${taskQueue}, but none gets its tasks: ${why}`,
    fix: `run \`${setCurrentCommand(idle, client.options)}\`${current === undefined ? '' : ', or start workers of that version'}`,
  };
}

/** Returns the error of a call that waits because no worker gets the tasks of its task queue; nothing if one does. */
export async function readNoWorker(
  client: Client,
  taskQueue: string,
  about: Pick<NoWorker, 'key' | 'project'> = {},
): Promise<NoWorker | undefined> {
  const idle = await readIdle(client, taskQueue);
  if (idle === undefined) return undefined;
  const next = `${idle.fix.replace(/^./, (first) => first.toUpperCase())}, then call again with the same key.`;
  return new NoWorker(idle.message, { ...about, next });
}

/**
 * Counts the requests to the provider that are due and wait in the task queues, for a free worker or for the limit of
 * their rate. The engine's count is about right.
 */
export async function readBacklog(
  client: Client,
  taskQueue: string,
): Promise<{ readonly requests: number; readonly oldestSeconds: number }> {
  const both = await Promise.all(
    [taskQueue, checksQueueOf(taskQueue)].map((name) =>
      client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name },
        taskQueueType: ACTIVITY_TASKS,
        reportStats: true,
      }),
    ),
  );
  const requests = both.map(({ stats }) => Number(stats?.approximateBacklogCount ?? 0));
  const ages = both.map(({ stats }) => Number(stats?.approximateBacklogAge?.seconds ?? 0));
  return { requests: requests.reduce((sum, count) => sum + count), oldestSeconds: Math.max(...ages) };
}

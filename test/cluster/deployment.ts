import type { Client } from '@temporalio/client';
import { until } from '../support/until.js';

/** A version of the workers: a Worker Deployment, and the build in it. */
interface Version {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** Returns the variables of the workers of a version. */
export function versionEnv({ deploymentName, buildId }: Version): Readonly<Record<string, string>> {
  return { TEMPORAL_DEPLOYMENT_NAME: deploymentName, TEMPORAL_WORKER_BUILD_ID: buildId };
}

/** Gives all tasks to a version whose workers run. */
export async function setCurrent(client: Client, version: Version): Promise<void> {
  const { namespace } = client.options;
  await accepted(`version ${version.buildId} is current`, () =>
    client.workflowService.setWorkerDeploymentCurrentVersion({ namespace, ...version }),
  );
}

/** Gives a share of the tasks to a version whose workers run. */
export async function ramp(client: Client, version: Version, percentage: number): Promise<void> {
  const { namespace } = client.options;
  await accepted(`version ${version.buildId} has ${percentage} %`, () =>
    client.workflowService.setWorkerDeploymentRampingVersion({ namespace, ...version, percentage }),
  );
}

/** The engine refuses a version until it has seen its workers poll every task queue. */
async function accepted(what: string, ask: () => Promise<unknown>): Promise<void> {
  let reason = '';
  const isAccepted = (): Promise<boolean> =>
    ask().then(
      () => true,
      (error: unknown) => {
        reason = String(error);
        return false;
      },
    );
  await until(() => `${what}: ${reason}`, isAccepted, 120_000);
}

import type { Client } from '@temporalio/client';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { shellWord } from '../text/shell-word.js';
import { GRPC, grpcCode, isNotFound } from './engine-errors.js';

/** A version of a Worker Deployment that the engine knows. */
export interface KnownVersion extends WorkerDeploymentVersion {
  readonly state: 'current' | 'ramping' | 'inactive' | 'draining' | 'drained';
}

/** Reads the versions of a deployment, the newest first; there are none if the engine knows no such deployment. */
export async function readVersions(client: Client, deploymentName: string): Promise<KnownVersion[]> {
  const { namespace } = client.options;
  const found = await client.workflowService
    .describeWorkerDeployment({ namespace, deploymentName })
    .catch((error: unknown) => {
      if (isNotFound(error) || grpcCode(error) === GRPC.unimplemented) return undefined;
      throw error;
    });
  const summaries = found?.workerDeploymentInfo?.versionSummaries ?? [];
  return summaries.map(({ deploymentVersion, status }) => ({
    deploymentName,
    buildId: deploymentVersion?.buildId ?? '',
    state: STATES[Number(status)] ?? 'inactive',
  }));
}

/** Numbers of open runs whose last workflow task ran under a version. */
interface OpenRuns {
  readonly all: number;
  /** Runs that stay under the version, because a person pinned them to it. */
  readonly pinned: number;
}

/** Counts the open runs of a version in the engine's index. */
export async function countOpenRuns(
  client: Client,
  { deploymentName, buildId }: WorkerDeploymentVersion,
): Promise<OpenRuns> {
  const open = `TemporalWorkerDeploymentVersion="${deploymentName}:${buildId}" AND ExecutionStatus="Running"`;
  const count = async (more: string): Promise<number> =>
    client.workflow.count(`${open}${more}`).then(
      (counted) => counted.count,
      (error: unknown) => {
        // Servers before 1.29 have no such search attributes.
        if (grpcCode(error) === GRPC.invalidArgument) return 0;
        throw error;
      },
    );
  const [all, pinned] = await Promise.all(
    ['', ' AND TemporalWorkflowVersioningBehavior="Pinned"'].map(count),
  );
  return { all: all ?? 0, pinned: pinned ?? 0 };
}

/** WorkerDeploymentVersionStatus of the engine's API. */
const STATES: Readonly<Record<number, KnownVersion['state']>> = {
  1: 'inactive',
  2: 'current',
  3: 'ramping',
  4: 'draining',
  5: 'drained',
};

/** Engine that a command is for. */
interface CommandTarget {
  readonly namespace: string;
  /** Without one, the reader's Temporal CLI knows it. */
  readonly address?: string;
}

/** Addresses and namespace that Temporal's CLI uses by default. */
const CLI_DEFAULTS = ['localhost:7233', '127.0.0.1:7233', 'default'];

/** Returns the command of Temporal's CLI that gives the tasks of a deployment to the workers of a version. */
export function setCurrentCommand(
  { deploymentName, buildId }: WorkerDeploymentVersion,
  { namespace, address = 'localhost:7233' }: CommandTarget,
): string {
  const options = Object.entries({ address, namespace }).filter(([, value]) => !CLI_DEFAULTS.includes(value));
  return [
    'temporal worker deployment set-current-version --yes',
    `--deployment-name ${shellWord(deploymentName)} --build-id ${shellWord(buildId)}`,
    ...options.map(([name, value]) => `--${name} ${shellWord(value)}`),
  ].join(' ');
}

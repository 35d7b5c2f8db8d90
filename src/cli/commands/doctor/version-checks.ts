import type { Client } from '@temporalio/client';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import {
  countOpenRuns,
  type KnownVersion,
  readVersions,
  setCurrentCommand,
} from '../../../temporal/deployments.js';
import { isPolled, readServing, type Serving } from '../../../temporal/task-queue.js';
import type { Config } from '../../../config.js';
import { type Check, ok, warning, wrong } from './check.js';

interface OldVersion extends KnownVersion {
  readonly runs: Awaited<ReturnType<typeof countOpenRuns>>;
}

/** Versions of the workers of a task queue, as the engine knows them. */
export interface VersionFacts {
  readonly taskQueue: string;
  readonly serving: Serving;
  /** The deployment that the variables of this process name. */
  readonly configured: string | undefined;
  /** Versions that get no tasks, but have open runs. */
  readonly old: readonly OldVersion[];
  /** Engine that the commands of the fixes are for. */
  readonly target: Parameters<typeof setCurrentCommand>[1];
}

/** Old versions that are asked for their open runs, the newest first: each costs the engine two counts. */
const MOST_OLD = 20;

/** Asks the engine which workers poll the task queue, and which versions they have. */
export async function readVersionFacts(
  client: Client,
  address: string,
  { taskQueue, deployment }: Config,
): Promise<VersionFacts> {
  const serving = await readServing(client, taskQueue);
  const configured = deployment?.name;
  const name = deploymentOf({ serving, configured });
  const old = name === undefined ? [] : await readOldVersions(client, name);
  return { taskQueue, serving, configured, old, target: { namespace: client.options.namespace, address } };
}

async function readOldVersions(client: Client, deploymentName: string): Promise<OldVersion[]> {
  const versions = await readVersions(client, deploymentName);
  const old = versions.filter(({ state }) => state !== 'current' && state !== 'ramping').slice(0, MOST_OLD);
  const counted = await Promise.all(
    old.map(async (version) => ({ ...version, runs: await countOpenRuns(client, version) })),
  );
  return counted.filter(({ runs }) => runs.all > 0);
}

/** Returns the name of the deployment that the task queue belongs to, or would belong to; nothing if there is none. */
function deploymentOf({ serving, configured }: Pick<VersionFacts, 'serving' | 'configured'>) {
  return serving.current?.deploymentName ?? serving.versions[0]?.deploymentName ?? configured;
}

/** Returns the checks of the workers' versions; none if no worker has a version. */
export function versionChecks(facts: VersionFacts): Check[] {
  const name = deploymentOf(facts);
  if (name === undefined) return [];
  const { current } = facts.serving;
  return [
    current === undefined ? withoutCurrent(facts, name) : currentCheck(facts, current),
    ...rampChecks(facts, name),
    ...besideChecks(facts, name),
    ...facts.old.map((version) => oldCheck(version, facts)),
  ];
}

const NAME = 'deployment';

function withoutCurrent({ taskQueue, serving, target }: VersionFacts, name: string): Check {
  const [version] = serving.versions;
  if (version === undefined) {
    return warning(
      NAME,
      `no worker of deployment ${name} polls task queue ${taskQueue}`,
      'start workers with this TEMPORAL_DEPLOYMENT_NAME, or unset it here',
    );
  }
  const command = `run \`${setCurrentCommand(version, target)}\``;
  return serving.hasUnversioned
    ? warning(
        NAME,
        `${name} has no current version: unversioned workers get the tasks, versioned ones none`,
        `${command}, then stop the unversioned workers`,
      )
    : wrong(
        NAME,
        `${name} has no current version: none of its workers gets a task, and every call waits`,
        command,
      );
}

function currentCheck({ taskQueue, serving, target }: VersionFacts, current: WorkerDeploymentVersion): Check {
  const { deploymentName: name, buildId } = current;
  if (isPolled(serving, current)) return ok(NAME, `build ID ${buildId} of ${name} is current`);
  const other = serving.versions.find((version) => version.deploymentName === name);
  const instead = other === undefined ? '' : `, or run \`${setCurrentCommand(other, target)}\``;
  return wrong(
    NAME,
    `build ID ${buildId} of ${name} is current, but none of its workers polls task queue ${taskQueue}: its tasks wait`,
    `start workers of this version${instead}`,
  );
}

function rampChecks({ taskQueue, serving, target }: VersionFacts, name: string): Check[] {
  const { ramping } = serving;
  if (ramping === undefined) return [];
  const { version, percentage } = ramping;
  const who = version === undefined ? 'unversioned workers' : `build ID ${version.buildId}`;
  const part = `${who} of ${name} gets the tasks of ${percentage} % of the renders`;
  if (isPolled(serving, version)) return [ok('ramp', part)];
  const back =
    serving.current === undefined ? '' : `, or run \`${setCurrentCommand(serving.current, target)}\``;
  return [
    wrong(
      'ramp',
      `${part}, but none of its workers polls task queue ${taskQueue}: they wait`,
      `start workers of this version${back}`,
    ),
  ];
}

/** Workers that poll beside those of the deployment. */
function besideChecks({ taskQueue, serving }: VersionFacts, name: string): Check[] {
  const others = new Set(serving.versions.map(({ deploymentName }) => deploymentName));
  others.delete(name);
  const beside = [
    ...(serving.hasUnversioned && serving.current !== undefined ? ['unversioned workers'] : []),
    ...[...others].map((other) => `workers of deployment ${other}`),
  ];
  return beside.map((who) =>
    warning(
      'other workers',
      `${who} poll task queue ${taskQueue}, but get no task: it belongs to ${name}`,
      `stop them, or give them TEMPORAL_DEPLOYMENT_NAME=${name}`,
    ),
  );
}

function oldCheck(version: OldVersion, { serving }: VersionFacts): Check {
  const { buildId, state, runs } = version;
  const name = 'old version';
  if (runs.pinned === 0) {
    const message = `build ID ${buildId} is ${state}; ${runs.all} open runs had their last task there, and go on under the current version`;
    return ok(name, `${message}. Its workers may stop`);
  }
  const pinned = `${runs.pinned} open runs are pinned to build ID ${buildId}, which is ${state}`;
  const unpin = `or unpin them: \`temporal workflow update-options\` (docs/deploy/rolling.md)`;
  return isPolled(serving, version)
    ? warning(name, pinned, `keep its workers until it is drained, ${unpin}`)
    : wrong(name, `${pinned}, and none of its workers polls: they wait`, `start its workers again, ${unpin}`);
}

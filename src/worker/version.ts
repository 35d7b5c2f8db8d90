import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import { ConfigInvalid } from '../render/errors.js';
import { messageOf, shorten } from '../text/text.js';
import { ownVersion } from './own-version.js';
import type { RenderWorkerOptions } from './options.js';
import { VERSION_RULES } from './variables.js';
import { workflowBundle } from './workflow-code.js';

/** Hex digits of the hash in a build ID: 48 bits. */
const HASH_DIGITS = 12;

/**
 * Returns the version of a worker of the deployment.
 *
 * @throws ConfigInvalid
 */
export function workerVersion({
  name,
  buildId = ownBuildId(),
}: NonNullable<RenderWorkerOptions['deployment']>): WorkerDeploymentVersion {
  requireFit('name', name);
  requireFit('buildId', buildId);
  return { deploymentName: name, buildId };
}

function requireFit(part: keyof typeof VERSION_RULES, value: string): void {
  const [rule, message] = VERSION_RULES[part];
  if (rule.test(value)) return;
  throw new ConfigInvalid(`deployment.${part} ${message}`, `Correct deployment.${part} and start again.`);
}

/**
 * Returns the SDK's options of a worker with this version. AUTO_UPGRADE, since a render may wait for a month and a held one
 * for longer: no worker of an old version has to stay for them. An unversioned worker has a short build ID instead, since
 * each workflow task of a history holds it.
 */
export function versionOptions(
  version: WorkerDeploymentVersion | undefined,
): Pick<WorkerOptions, 'buildId' | 'workerDeploymentOptions'> {
  if (version === undefined) return { buildId: 'renderonce' };
  return {
    workerDeploymentOptions: {
      version,
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}

/**
 * Returns the build ID that this installation has by default. It hashes the bundle that the build has made, also if a worker
 * bundles the same code once more: for a data converter, or for stack traces.
 */
function ownBuildId(): string {
  try {
    const hash = createHash('sha256').update(readFileSync(workflowBundle())).digest('hex');
    return `${ownVersion()}-${hash.slice(0, HASH_DIGITS)}`;
  } catch (error) {
    throw new ConfigInvalid(
      `the bundle of the workflows cannot be read for a build ID: ${shorten(messageOf(error))}`,
      'Set TEMPORAL_WORKER_BUILD_ID, or build the package.',
    );
  }
}

import type { WorkerDeploymentVersion } from '@temporalio/common';
import { type KnownVersion, setCurrentCommand } from '../../../temporal/deployments.js';

/** Part of the tasks that a worker's version gets, and what a person does to give it all. */
interface VersionReport {
  readonly facts: Readonly<Record<string, string | undefined>>;
  readonly lines: readonly string[];
}

/**
 * Says in a worker's first lines if its version gets tasks; if no version does, every call waits. `known` are the versions
 * of its deployment, as far as the worker may ask for them.
 */
export function versionReport(
  version: WorkerDeploymentVersion,
  known: readonly KnownVersion[] | undefined,
  target: Parameters<typeof setCurrentCommand>[1],
): VersionReport {
  const { deploymentName: deployment, buildId } = version;
  const line = `version: build ID ${buildId} of deployment ${deployment}`;
  if (known === undefined) return { facts: { deployment, buildId }, lines: [line] };
  const state = known.find((each) => each.buildId === buildId)?.state ?? 'inactive';
  const current = known.find((each) => each.state === 'current');
  const setCurrent = state === 'current' ? undefined : setCurrentCommand(version, target);
  const facts = { deployment, buildId, versionState: state, setCurrent };
  if (setCurrent === undefined) return { facts, lines: [`${line} is current: its workers get the tasks`] };
  const why =
    current === undefined
      ? 'gets no task, and calls wait, until the deployment has a current version'
      : `${state === 'ramping' ? 'gets the tasks of its ramp' : 'gets no task'} while ${current.buildId} is current`;
  return {
    facts,
    lines: [
      `${line} ${why}. To make it current (Temporal's Worker Controller does so by itself): ${setCurrent}`,
    ],
  };
}

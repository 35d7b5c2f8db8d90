import { z } from 'zod';
import { ConfigInvalid } from '../render/errors.js';

/**
 * Rules of the two parts of a worker's version; each message completes the sentence "<variable> …". The length suits a server
 * whose IDs have at most 255 bytes (`validateVersionWfParams` of Temporal's server, August 2026).
 */
export const VERSION_RULES = {
  name: [
    /^(?!__)[!-\-/-9;-~]{1,108}$/,
    'must be 1 to 108 visible ASCII characters, without "." and ":", and not begin with "__"',
  ],
  buildId: [/^(?!__)[!-~]{1,108}$/, 'must be 1 to 108 visible ASCII characters, and not begin with "__"'],
} as const;

/** The variables of a versioned worker, under the names that Temporal's Worker Controller sets. */
export const DEPLOYMENT_VARIABLES = {
  TEMPORAL_DEPLOYMENT_NAME: z
    .string()
    .regex(...VERSION_RULES.name)
    .optional(),
  TEMPORAL_WORKER_BUILD_ID: z
    .string()
    .regex(...VERSION_RULES.buildId)
    .optional(),
};

/** The Worker Deployment that a worker belongs to. */
interface DeploymentConfig {
  readonly name: string;
  /** The version of this worker; the package's version and a hash of its workflow code by default. */
  readonly buildId?: string | undefined;
}

/**
 * Returns the deployment that the variables name; without one, workers have no versions.
 *
 * @throws ConfigInvalid
 */
export function deploymentConfigOf({
  TEMPORAL_DEPLOYMENT_NAME: name,
  TEMPORAL_WORKER_BUILD_ID: buildId,
}: {
  readonly [name in keyof typeof DEPLOYMENT_VARIABLES]?: string | undefined;
}): DeploymentConfig | undefined {
  if (name !== undefined) return { name, buildId };
  if (buildId === undefined) return undefined;
  throw new ConfigInvalid(
    'TEMPORAL_WORKER_BUILD_ID is set, but TEMPORAL_DEPLOYMENT_NAME is not',
    'Set both for versioned workers, or unset TEMPORAL_WORKER_BUILD_ID.',
  );
}

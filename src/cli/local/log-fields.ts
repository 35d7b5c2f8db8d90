import type { LogMetadata } from '@temporalio/worker';

/**
 * The fields of a line of the SDK's log, in our words and in the order in which they are read: the workflow's ID is the
 * key. The task token is dropped: it is long, and tells nobody anything.
 */
export function logFields(meta: LogMetadata = {}): Record<string, unknown> {
  const { workflowId, project, taskToken: _, ...rest } = meta;
  return {
    ...(workflowId === undefined ? {} : { key: workflowId }),
    ...(project === undefined ? {} : { project }),
    ...rest,
  };
}

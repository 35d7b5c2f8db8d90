import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Bundles the workflow, from source or from compiled code. */
export async function bundleWorkflows(workflowsPath: string): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  return code;
}

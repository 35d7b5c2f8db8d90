import { dirname, extname, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Bundles the workflow as workers run it, with its interceptors, from source or from compiled code. */
export async function bundleWorkflows(workflowsPath: string): Promise<string> {
  const interceptors = join(dirname(workflowsPath), `interceptors${extname(workflowsPath)}`);
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [interceptors],
    logger: new DefaultLogger('ERROR'),
  });
  return code;
}

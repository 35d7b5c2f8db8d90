import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { type BundleOptions, bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { workflowModules } from '../../src/worker/workflow-code.js';

type Options = Pick<BundleOptions, 'webpackConfigHook'>;

/** Bundles the workflow as workers run it, with its interceptors. */
export async function bundleWorkflows(workflowsPath: string, options: Options = {}): Promise<string> {
  const source = join(dirname(workflowsPath), '..');
  const { code } = await bundleWorkflowCode({
    ...workflowModules({ stackTraces: false }, source, extname(workflowsPath)),
    logger: new DefaultLogger('ERROR'),
    ...options,
  });
  return code;
}

/** Compiled code needs no loader, and a worker no more of a map than that there is one. */
const COMPILED: Options = {
  webpackConfigHook: (config) => ({ ...config, module: {}, devtool: 'inline-nosources-cheap-source-map' }),
};

/** The workflow of a compiled project: as the build has bundled it, or where a bug is planted in it, bundled now. */
export function bundleCompiled(dist: string): Promise<string> {
  const built = join(dist, 'workflow-bundle.js');
  return existsSync(built)
    ? readFile(built, 'utf8')
    : bundleWorkflows(join(dist, 'workflows/index.js'), COMPILED);
}

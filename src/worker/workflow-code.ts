import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { ActivityInterceptorsFactory, BundleOptions, WorkerOptions } from '@temporalio/worker';

/** Folder of our compiled files or sources, as this file is one, and the extension of their names. */
const SOURCE = fileURLToPath(new URL('..', import.meta.url));
const EXTENSION = extname(import.meta.url);

type WorkflowModules = Required<
  Pick<BundleOptions, 'workflowsPath' | 'workflowInterceptorModules' | 'preloadModules'>
>;

/**
 * Returns the modules of a bundle of the workflows. The worker loads all of them once instead of once for each run: none
 * holds state of a run (`test/unit/workflow-modules.test.ts`).
 */
export function workflowModules(
  { stackTraces }: { readonly stackTraces: boolean },
  source = SOURCE,
  extension = EXTENSION,
): WorkflowModules {
  const pathOf = (name: string): string => join(source, 'workflows', `${name}${extension}`);
  const workflowsPath = pathOf('index');
  const interceptors = pathOf('interceptors');
  return {
    workflowsPath,
    workflowInterceptorModules: [interceptors],
    preloadModules: [...(stackTraces ? [] : [pathOf('no-stack-traces')]), interceptors, workflowsPath],
  };
}

/** Returns the path of the bundle that the build has made of the workflows. */
export function workflowBundle(): string {
  return join(SOURCE, `workflow-bundle${EXTENSION}`);
}

/** The options of a worker that its code depends on. */
interface CodeOptions {
  readonly dataConverter?: DataConverter;
  readonly stackTraces?: boolean;
}

/**
 * Returns the options that name the workflows' code and the interceptors. The build bundles the workflows once; with a data
 * converter, or with stack traces, the worker bundles them at its start.
 */
export function workflowCode(
  { dataConverter, stackTraces = false }: CodeOptions,
  activity: ActivityInterceptorsFactory[],
): Pick<
  WorkerOptions,
  'workflowsPath' | 'workflowBundle' | 'bundlerOptions' | 'dataConverter' | 'interceptors'
> {
  const codePath = workflowBundle();
  if (dataConverter === undefined && !stackTraces && existsSync(codePath)) {
    return { workflowBundle: { codePath }, interceptors: { activity } };
  }
  const { workflowsPath, workflowInterceptorModules, preloadModules } = workflowModules({ stackTraces });
  return {
    workflowsPath,
    bundlerOptions: { preloadModules },
    interceptors: { activity, workflowModules: workflowInterceptorModules },
    ...(dataConverter === undefined ? {} : { dataConverter: withFailures(dataConverter) }),
  };
}

/** Encrypts the messages of failures like payloads: they hold the provider's words, which quote movies. */
function withFailures(dataConverter: DataConverter): DataConverter {
  if (dataConverter.payloadCodecs === undefined) return dataConverter;
  return { failureConverterPath: join(SOURCE, `codec/failure-converter${EXTENSION}`), ...dataConverter };
}

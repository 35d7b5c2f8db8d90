import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { ActivityInterceptorsFactory, WorkerOptions } from '@temporalio/worker';

/** Returns the path of one of our files, compiled or source as this file is. */
function pathOf(name: string): string {
  return fileURLToPath(new URL(`../${name}${extname(import.meta.url)}`, import.meta.url));
}

/**
 * Returns the options that name the workflows' code and the interceptors. The build bundles the workflows once; with a data
 * converter the worker bundles them at its start.
 */
export function workflowCode(
  dataConverter: DataConverter | undefined,
  activity: ActivityInterceptorsFactory[],
): Pick<WorkerOptions, 'workflowsPath' | 'workflowBundle' | 'dataConverter' | 'interceptors'> {
  const codePath = pathOf('workflow-bundle');
  if (dataConverter === undefined && existsSync(codePath)) {
    return { workflowBundle: { codePath }, interceptors: { activity } };
  }
  return {
    workflowsPath: pathOf('workflows/index'),
    interceptors: { activity, workflowModules: [pathOf('workflows/interceptors')] },
    ...(dataConverter === undefined ? {} : { dataConverter: withFailures(dataConverter) }),
  };
}

/** Encrypts the messages of failures like payloads: they hold the provider's words, which quote movies. */
function withFailures(dataConverter: DataConverter): DataConverter {
  if (dataConverter.payloadCodecs === undefined) return dataConverter;
  return { failureConverterPath: pathOf('codec/failure-converter'), ...dataConverter };
}

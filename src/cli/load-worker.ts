import { WorkerNotInstalled } from '../render/errors.js';

/**
 * Loads what hosts a worker, and with it Temporal's native core: optional peers, so that backends, receivers and
 * commands do without.
 *
 * @throws WorkerNotInstalled
 */
export async function loadWorker() {
  try {
    const [{ createRenderWorker }, { installRuntime, shutDownRuntime }] = await Promise.all([
      import('../worker.js'),
      import('./runtime.js'),
    ]);
    return { createRenderWorker, installRuntime, shutDownRuntime };
  } catch (error) {
    const missing = missingPackage(error);
    if (missing === undefined) throw error;
    throw new WorkerNotInstalled(`package ${missing} is not installed`, { cause: error });
  }
}

/** The package of ours that Node could not find, if that was it. */
function missingPackage(error: unknown): string | undefined {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return isMissing ? /package '(@temporalio\/\w+)'/.exec(error.message)?.[1] : undefined;
}

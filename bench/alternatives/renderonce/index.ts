import { Renders } from '../../../src/starter.js';
import { SECRET } from '../../bed.js';
import { openEngine } from '../../engine.js';
import { startCommand } from '../../processes.js';
import type { StartAlternative } from '../alternative.js';
import { startWorker } from '../server-process.js';

/** renderonce on the dev server, which keeps everything in memory, or in a file. */
export function startRenderonce(store: 'memory' | 'file'): StartAlternative {
  return async ({ provider, apiKey }) => {
    const engine = await openEngine(store);
    const settings = {
      TEMPORAL_ADDRESS: engine.address,
      RENDERONCE_LOG_LEVEL: 'error',
      RENDERONCE_WEBHOOK_SECRET: SECRET,
      RENDERONCE_LISTEN: '127.0.0.1:0',
      RENDERONCE_WORKER_LISTEN: '127.0.0.1:0',
      JSON2VIDEO_URL: provider,
      JSON2VIDEO_API_KEY: apiKey,
    };
    const receiver = await startCommand(['receiver'], settings);
    const worker = await startWorker({ ...settings, RENDERONCE_WEBHOOK_URL: receiver.url });
    const renders = new Renders({ client: engine.client });
    return {
      submit: async (key, movie) => (await renders.submitOnce(key, movie)).project,
      result: async (key) => ({ url: (await renders.result(key)).url }),
      get processIds() {
        return [...(engine.pid === undefined ? [] : [engine.pid]), receiver.pid, worker.pid];
      },
      crash: () => worker.crash(),
      stop: async () => {
        await Promise.all([worker.stop(), receiver.stop()]);
        await engine.close();
      },
    };
  };
}

import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { findEngine, startEngine } from '../../../src/engine/index.js';
import { Renders } from '../../../src/starter.js';
import { SEARCH_ATTRIBUTES } from '../../../src/workflows/messages.js';
import type { StartAlternative } from '../alternative.js';
import { startCommand } from '../processes.js';

const SECRET = 'a-secret-of-the-bench-that-is-long-enough';

/** renderonce on the dev server, which keeps everything in memory, or in a file. */
export function startRenderonce(store: 'memory' | 'file'): StartAlternative {
  return async ({ provider, apiKey, directory }) => {
    const { path: binary } = await findEngine({ env: process.env });
    const engine = await startEngine({
      binary,
      retentionDays: 30,
      searchAttributes: SEARCH_ATTRIBUTES,
      env: process.env,
      ...(store === 'file' ? { dbFile: join(directory, 'temporal.db') } : {}),
    });
    const settings = {
      TEMPORAL_ADDRESS: engine.address,
      TEMPORAL_NAMESPACE: engine.namespace,
      RENDERONCE_LOG_LEVEL: 'error',
      RENDERONCE_WEBHOOK_SECRET: SECRET,
      RENDERONCE_LISTEN: '127.0.0.1:0',
      JSON2VIDEO_URL: provider,
      JSON2VIDEO_API_KEY: apiKey,
    };
    const receiver = await startCommand(['receiver'], settings);
    const worker = await startCommand(['worker'], { ...settings, RENDERONCE_WEBHOOK_URL: receiver.url });
    const connection = await Connection.connect({ address: engine.address });
    const renders = new Renders({ client: new Client({ connection, namespace: engine.namespace }) });
    return {
      submit: async (key, movie) => (await renders.submitOnce(key, movie)).project,
      result: async (key) => ({ url: (await renders.result(key)).url }),
      get processIds() {
        return [engine.pid, receiver.pid, worker.pid];
      },
      crash: () => worker.crash(),
      stop: async () => {
        await connection.close();
        await Promise.all([worker.stop(), receiver.stop()]);
        await engine.stop();
      },
    };
  };
}

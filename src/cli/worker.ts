import type { Command } from 'commander';
import { type Config, readConfig, requireApiKey } from '../config.js';
import { connectClient, type EngineAddress } from '../temporal/connect.js';
import { createRenderWorker, type RenderWorker } from '../worker.js';
import { requireWorkerPackages } from '../worker/packages.js';
import { callbackUrls, webhookUrlWarning } from './callback-url.js';
import { type CommonOptions, newCommand, run } from './command.js';
import { requireEngineSetup } from './engine-setup.js';
import { createLogger } from './logger.js';
import { serve, type Service } from './serve.js';
import { engineAddress } from './surroundings.js';

/** `renderonce worker`: hosts the workflow and its activities. */
export function workerCommand(): Command {
  return newCommand('worker', ['worker', 'worker --json']).action((options: CommonOptions) =>
    run(options, async (output) => {
      requireWorkerPackages();
      const config = readConfig(process.env);
      const apiKey = requireApiKey(config);
      const engine = engineAddress(config);
      const callbackUrl = callbackUrls(config);
      const logger = createLogger(config.logLevel);
      for (const warning of [await checkEngine(engine, config), webhookUrlWarning(config)]) {
        if (warning !== undefined) logger.warn(warning);
      }
      const { installRuntime, shutDownRuntime } = await import('./runtime.js');
      installRuntime(logger);
      try {
        const worker = await createRenderWorker({
          ...engine,
          taskQueue: config.taskQueue,
          json2video: { url: config.json2videoUrl, apiKey },
          callbackUrl,
          providerRequestsPerSecond: config.providerRps,
        });
        const address = engine.connectionOptions.address ?? 'localhost:7233';
        const line = `worker ready: task queue ${config.taskQueue}, namespace ${engine.namespace}, engine ${address}`;
        await serve(serviceOf(worker, line), output);
      } finally {
        await shutDownRuntime();
      }
    }),
  );
}

/** A worker that cannot run renders should say so at its start, not in the first render's failure. */
async function checkEngine(engine: EngineAddress, config: Config): Promise<string | undefined> {
  const client = await connectClient(engine);
  try {
    return await requireEngineSetup(client, config.keyMemoryDays);
  } finally {
    await client.connection.close();
  }
}

function serviceOf(worker: RenderWorker, line: string): Service {
  const ended = worker.run();
  const endedByItself = async (): Promise<never> => {
    await ended;
    throw new Error('the worker stopped by itself');
  };
  return {
    facts: {},
    lines: [line],
    failed: endedByItself(),
    stop: async () => {
      worker.shutdown();
      await ended;
    },
  };
}

/**
 * Workers of several task queues in one process, as their users may host them: each has a provider and an API key of its
 * own. SIGTERM stops them cleanly.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DefaultLogger, Runtime } from '@temporalio/worker';

const { dist, address, receiver, workers } = JSON.parse(process.argv[2]);
const load = (file) => import(pathToFileURL(join(dist, file)).href);
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } },
  shutdownSignals: [],
});
const [{ createRenderWorker }, { signToken }] = await Promise.all([
  load('worker.js'),
  load('receiver/index.js'),
]);

const callbackUrl = (key, expiresAt) =>
  `${receiver.url}/json2video/${signToken(key, expiresAt, [receiver.secret])}`;
const hosted = await Promise.all(
  workers.map(({ taskQueue, url, apiKey }) =>
    createRenderWorker({
      connectionOptions: { address },
      namespace: 'default',
      taskQueue,
      json2video: { url, apiKey },
      callbackUrl,
    }),
  ),
);
const ended = Promise.all(hosted.map((worker) => worker.run()));

process.once('SIGTERM', () => {
  for (const worker of hosted) worker.shutdown();
});
process.once('disconnect', () => process.exit(1));
process.send({ ready: true });
await ended;
process.exit(0);

import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { readConfig } from '../../config.js';
import type { RunningEngine } from '../../engine/index.js';
import { requireWorkerPackages } from '../../worker/packages.js';
import { type CommonOptions, newCommand, numberOption, portOption, run } from '../command.js';
import {
  type LocalProvider,
  localCommands,
  startLocalEngine,
  startLocalProvider,
} from '../local/local-stack.js';
import { listening, serve, type Service } from '../local/serve.js';
import { supervise } from '../local/supervise.js';
import { listPage } from './open.js';
import type { Output } from '../print/output.js';

interface DevOptions extends CommonOptions {
  readonly port: number;
  readonly uiPort: number;
  readonly fakePort: number;
  readonly dir: string;
  readonly timeScale: number;
}

/** Creates `renderonce dev`, which runs engine, local JSON2Video, receiver and worker in one terminal. */
export function devCommand(): Command {
  return newCommand('dev', ['dev', 'dev --time-scale 20', 'dev --port 0 --json'])
    .addOption(
      portOption('--port <port>', "the engine's port; with 0 the other two take any free one, too").default(
        7233,
      ),
    )
    .addOption(portOption('--ui-port <port>', "the Temporal UI's port").default(8233))
    .addOption(portOption('--fake-port <port>', "the local JSON2Video's port").default(8090))
    .option(
      '--dir <folder>',
      "the folder of the engine's database and of the local JSON2Video's ledger",
      '.renderonce',
    )
    .addOption(
      numberOption('--time-scale <factor>', 'how many times faster the local JSON2Video renders', {
        min: 0.001,
        max: 100_000,
      }).default(1),
    )
    .action((options: DevOptions) => run(options, (output) => dev(options, output)));
}

async function dev(options: DevOptions, output: Output): Promise<void> {
  requireWorkerPackages();
  const { note } = output;
  const started: (() => Promise<void>)[] = [];
  try {
    const start = (before?: RunningEngine) => startLocalEngine(engineOptions(options, before), output);
    const engine = await supervise({ name: 'the engine', start, note });
    started.push(() => engine.stop());
    note(`Temporal UI: ${engine.current.uiUrl}`);
    const provider = providerOptions(options);
    await listening('dev-fake', { host: '127.0.0.1', port: provider.port }, heldForAMoment);
    const startFake = (before?: LocalProvider) => startLocalProvider(provider, before);
    const fake = await supervise({ name: 'the local JSON2Video', start: startFake, note });
    started.push(() => fake.stop());
    const logLevel = { RENDERONCE_LOG_LEVEL: process.env['RENDERONCE_LOG_LEVEL'] ?? 'error' };
    const { startReceiver, startWorker } = localCommands(engine.current, fake.current, logLevel);
    const receiver = await supervise({ name: 'the receiver', start: startReceiver, note });
    started.push(() => receiver.stop());
    const startNext = () => startWorker(receiver.current);
    const worker = await supervise({ name: 'the worker', start: startNext, note });
    started.push(() => worker.stop());
    await serve(serviceOf(engine.current, fake.current.url, worker.current.pid), output);
  } finally {
    for (const stop of started.toReversed()) await stop();
  }
}

/** Returns the options of the engine; one that replaces another serves at its ports, which the others know. */
function engineOptions(
  { dir, port, uiPort }: DevOptions,
  before?: RunningEngine,
): Parameters<typeof startLocalEngine>[0] {
  const dbFile = join(dir, 'temporal.db');
  const retentionDays = readConfig(process.env).keyMemoryDays;
  if (before === undefined) return { dbFile, retentionDays, port, ...(port === 0 ? {} : { uiPort }) };
  const [ownPort, ownUiPort] = [`http://${before.address}`, before.uiUrl].map((url) =>
    Number(new URL(url).port),
  );
  return { dbFile, retentionDays, port: ownPort ?? 0, uiPort: ownUiPort ?? 0 };
}

/** Its ledger is beside the engine's database, so that a restart forgets no movie of a render that goes on. */
function providerOptions({
  dir,
  port,
  fakePort,
  timeScale,
}: DevOptions): Parameters<typeof startLocalProvider>[0] {
  return { dataFolder: join(dir, 'json2video'), port: port === 0 ? 0 : fakePort, timeScale };
}

/** Finds out if a port is free: the process that takes it next can name its own option only. */
async function heldForAMoment(host: string, port: number): Promise<void> {
  const server = createServer().listen({ host, port, exclusive: true });
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

function serviceOf(engine: RunningEngine, json2videoUrl: string, workerPid: number): Service {
  const facts = { url: engine.uiUrl, temporalAddress: engine.address, json2videoUrl, workerPid };
  return { facts, lines: devLines(engine, json2videoUrl), stop: async () => undefined };
}

/** A movie of the package, so that the command that `dev` proposes works in any folder. */
const EXAMPLE = fileURLToPath(new URL('../../../examples/movies/hello-card.json', import.meta.url));

function devLines(engine: RunningEngine, json2videoUrl: string): string[] {
  const address = engine.address === '127.0.0.1:7233' ? '' : `TEMPORAL_ADDRESS=${engine.address} `;
  return [
    `engine: ${engine.address}; local JSON2Video: ${json2videoUrl} (nothing is charged); worker and receiver: running`,
    `failed renders: ${listPage(engine.uiUrl, engine.namespace, 'RenderState="failed"')}`,
    `in another terminal: ${address}npx renderonce submit order-12345-thumbnail ${relative('', EXAMPLE)} --wait`,
    'Ctrl-C stops everything; the next start continues all renders',
  ];
}

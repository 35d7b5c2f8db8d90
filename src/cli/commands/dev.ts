import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { type FakeJson2Video, startFakeJson2Video } from 'json2video-local';
import { readConfig } from '../../config.js';
import type { RunningEngine } from '../../engine/index.js';
import { requireWorkerPackages } from '../../worker/packages.js';
import { type CommonOptions, newCommand, numberOption, run } from '../command.js';
import { type ChildCommand, type ChildEnv, spawnCommand } from '../local/child-command.js';
import { startLocalEngine, startLocalReceiver } from '../local/local-stack.js';
import { serve, type Service } from '../local/serve.js';
import type { Output } from '../print/output.js';

interface DevOptions extends CommonOptions {
  readonly port: number;
  readonly uiPort: number;
  readonly fakePort: number;
  readonly dir: string;
  readonly timeScale: number;
}

const RESTART_PAUSE_MS = 1_000;

/** Creates `renderonce dev`, which runs engine, local JSON2Video, receiver and worker in one terminal. */
export function devCommand(): Command {
  const port = numberOption(0, 65_535);
  return newCommand('dev', ['dev', 'dev --time-scale 20', 'dev --port 0 --json'])
    .option('--port <port>', "the engine's port; 0 takes any free one, also for the other two", port, 7233)
    .option('--ui-port <port>', "the Temporal UI's port", port, 8233)
    .option('--fake-port <port>', "the local JSON2Video's port", port, 8090)
    .option('--dir <folder>', "the folder of the engine's database", '.renderonce')
    .option(
      '--time-scale <factor>',
      'how many times faster the local JSON2Video renders',
      numberOption(0.001, 1e5),
      1,
    )
    .action((options: DevOptions) => run(options, (output) => dev(options, output)));
}

async function dev(options: DevOptions, output: Output): Promise<void> {
  requireWorkerPackages();
  const started: (() => Promise<void>)[] = [];
  try {
    const engine = await startLocalEngine(engineOptions(options), output);
    started.push(() => engine.stop());
    output.note(`Temporal UI: ${engine.uiUrl}`);
    const fakePort = options.port === 0 ? 0 : options.fakePort;
    const fake = await startFakeJson2Video({ port: fakePort, timeScale: options.timeScale });
    started.push(() => fake.close());
    const logLevel = { RENDERONCE_LOG_LEVEL: process.env['RENDERONCE_LOG_LEVEL'] ?? 'error' };
    const { receiver, workerEnv } = await startLocalReceiver(engine, fake, logLevel);
    started.push(() => receiver.stop());
    const worker = await keepWorker(workerEnv, output);
    started.push(() => worker.stop());
    await serve(serviceOf(engine, fake, worker.pid), output);
  } finally {
    for (const stop of started.toReversed()) await stop();
  }
}

function engineOptions({ dir, port, uiPort }: DevOptions): Parameters<typeof startLocalEngine>[0] {
  const retentionDays = readConfig(process.env).keyMemoryDays;
  return { dbFile: join(dir, 'temporal.db'), retentionDays, port, ...(port === 0 ? {} : { uiPort }) };
}

function serviceOf(engine: RunningEngine, fake: FakeJson2Video, workerPid: number): Service {
  const facts = { url: engine.uiUrl, temporalAddress: engine.address, json2videoUrl: fake.url, workerPid };
  return { facts, lines: devLines(engine, fake), stop: async () => undefined, failed: engineLost(engine) };
}

/** A movie of the package, so that the command that `dev` proposes works in any folder. */
const EXAMPLE = fileURLToPath(new URL('../../../examples/movies/hello-card.json', import.meta.url));

function devLines(engine: RunningEngine, fake: FakeJson2Video): string[] {
  const address = engine.address === '127.0.0.1:7233' ? '' : `TEMPORAL_ADDRESS=${engine.address} `;
  return [
    `engine: ${engine.address}; local JSON2Video: ${fake.url} (nothing is charged); worker and receiver: running`,
    `in another terminal: ${address}npx renderonce submit order-12345-thumbnail ${relative('', EXAMPLE)} --wait`,
    'Ctrl-C stops everything; the next start continues all renders',
  ];
}

async function engineLost(engine: RunningEngine): Promise<never> {
  await engine.exited;
  throw new Error('the engine ended by itself; the next start continues all renders');
}

/** Keeps one worker process running: restarts it whenever it exits. */
async function keepWorker(env: ChildEnv, output: Output): Promise<Pick<ChildCommand, 'pid' | 'stop'>> {
  let isStopping = false;
  let worker = await spawnCommand(['worker'], env);
  const supervise = async (): Promise<void> => {
    for (;;) {
      await worker.exited;
      if (isStopping) return;
      output.note(`the worker (process ${worker.pid}) ended; starting another`);
      await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
      if (isStopping) return;
      worker = await spawnCommand(['worker'], env);
    }
  };
  const supervised = supervise().catch((error: unknown) => output.error(error));
  return {
    pid: worker.pid,
    stop: async () => {
      isStopping = true;
      await worker.stop();
      await supervised;
    },
  };
}

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { readConfig } from '../../config.js';
import type { RunningEngine } from '../../engine/index.js';
import { requireWorkerPackages } from '../../worker/packages.js';
import { type CommonOptions, newCommand, portOption, run } from '../command.js';
import { DataFolder } from '../local/data-folder.js';
import { dataOption } from '../local/find-running.js';
import type { Plan } from '../local/one-machine.js';
import type { Output } from '../print/output.js';
import { listPage } from './open.js';
import { runOneMachine, timeScaleOption } from './up.js';

interface DevOptions extends CommonOptions {
  readonly port: number;
  readonly uiPort: number;
  readonly fakePort: number;
  readonly apiPort: number;
  readonly data: string;
  readonly timeScale: number;
}

/** Covers the end of a worker that has nothing in flight; the next start continues what was in flight. */
const WORKER_STOP_MS = 15_000;

/** Creates `renderonce dev`, which runs engine, local JSON2Video, server and worker in one terminal. */
export function devCommand(): Command {
  return newCommand('dev', ['dev', 'dev --time-scale 20', 'dev --port 0 --json'])
    .addOption(
      portOption('--port <port>', "the engine's port; with 0 the others take any free one, too").default(
        7233,
      ),
    )
    .addOption(portOption('--ui-port <port>', "the Temporal UI's port").default(8233))
    .addOption(portOption('--fake-port <port>', "the local JSON2Video's port").default(8090))
    .addOption(portOption('--api-port <port>', "the HTTP API's port").default(0))
    .addOption(
      dataOption(
        "the folder of the engine's database and of the local JSON2Video's ledger",
        '--dir, --data <folder>',
      ),
    )
    .addOption(timeScaleOption())
    .action((options: DevOptions) => run(options, (output) => dev(options, output)));
}

async function dev(options: DevOptions, output: Output): Promise<void> {
  requireWorkerPackages();
  await runOneMachine(planOf(options), output, ({ engine, providerUrl = '', serverUrl, workerPid }) => ({
    facts: {
      url: serverUrl,
      temporalUi: engine.uiUrl,
      temporalAddress: engine.address,
      json2videoUrl: providerUrl,
      apiUrl: serverUrl,
      workerPid,
    },
    lines: devLines(engine, providerUrl, serverUrl),
  }));
}

/** As `up --local`, but the server asks for no token, and logs are short. */
function planOf({ data, port, uiPort, fakePort, apiPort, timeScale }: DevOptions): Plan {
  const isAny = port === 0;
  return {
    folder: new DataFolder(data),
    retentionDays: readConfig(process.env).keyMemoryDays,
    enginePort: port,
    uiPort: isAny ? 0 : uiPort,
    local: { port: isAny ? 0 : fakePort, timeScale },
    listen: { host: '127.0.0.1', port: apiPort },
    tokens: 'none',
    variables: {
      RENDERONCE_LOG_LEVEL: process.env['RENDERONCE_LOG_LEVEL'] ?? 'error',
      // A second installation, or a worker that is stopping, may hold a fixed port.
      RENDERONCE_WORKER_LISTEN: process.env['RENDERONCE_WORKER_LISTEN'] ?? 'off',
    },
    workerStopMs: WORKER_STOP_MS,
    listener: 'dev-server',
  };
}

/** A movie of the package, so that the command that `dev` proposes works in any folder. */
const EXAMPLE = fileURLToPath(new URL('../../../examples/movies/hello-card.json', import.meta.url));

function devLines(engine: RunningEngine, json2videoUrl: string, apiUrl: string): string[] {
  const address = engine.address === '127.0.0.1:7233' ? '' : `TEMPORAL_ADDRESS=${engine.address} `;
  return [
    `console: ${apiUrl}/`,
    `engine: ${engine.address}; Temporal UI: ${engine.uiUrl}; local JSON2Video: ${json2videoUrl} (nothing is charged); worker and receiver: running`,
    `HTTP API: ${apiUrl}/v1/renders (asks for no token on this machine)`,
    `failed renders: ${listPage(engine.uiUrl, engine.namespace, 'RenderState="failed"')}`,
    `in another terminal: ${address}npx renderonce submit order-12345-thumbnail ${relative('', EXAMPLE)} --wait`,
    'Ctrl-C stops everything; the next start continues all renders',
  ];
}

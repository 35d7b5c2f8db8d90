import type { Command } from 'commander';
import { type Config, readConfig } from '../../config.js';
import { ConfigInvalid } from '../../render/errors.js';
import { requireWorkerPackages } from '../../worker/packages.js';
import { type CommonOptions, newCommand, numberOption, portOption, run } from '../command.js';
import { DataFolder } from '../local/data-folder.js';
import { dataOption } from '../local/find-running.js';
import { type OneMachine, type Plan, startOneMachine } from '../local/one-machine.js';
import { serve } from '../local/serve.js';
import type { Output } from '../print/output.js';

interface UpOptions extends CommonOptions {
  readonly data: string;
  readonly local?: boolean;
  readonly port?: number;
  readonly enginePort?: number;
  readonly uiPort?: number;
  readonly fakePort?: number;
  readonly timeScale: number;
}

/** Usual ports of the parts that listen on loopback only. */
const PORTS = { engine: 7233, ui: 8233, provider: 8090 };

/** Longer than the longest submit attempt, so that a stop never separates a POST from its reply. */
const WORKER_STOP_MS = 660_000;

/** Creates `renderonce up`, which runs everything that production on one machine needs. */
export function upCommand(): Command {
  return newCommand('up', [
    'up',
    'up --data /var/lib/renderonce',
    'up --local --time-scale 20',
    'up --port 0 --json',
  ])
    .addOption(dataOption('the folder that keeps everything'))
    .option('--local', 'render with a local JSON2Video, at no cost, instead of the real one')
    .addOption(
      portOption(
        '--port <port>',
        'the port of API and webhooks, instead of the one in RENDERONCE_LISTEN; with 0 the others take any free one, too',
      ),
    )
    .addOption(portOption('--engine-port <port>', `the engine's port (default: ${PORTS.engine})`))
    .addOption(portOption('--ui-port <port>', `the Temporal UI's port (default: ${PORTS.ui})`))
    .addOption(portOption('--fake-port <port>', `the local JSON2Video's port (default: ${PORTS.provider})`))
    .addOption(timeScaleOption())
    .action((options: UpOptions) => run(options, (output) => up(options, output)));
}

/** Creates the option for the speed of the local JSON2Video. */
export function timeScaleOption() {
  const bounds = { min: 0.001, max: 100_000 };
  return numberOption(
    '--time-scale <factor>',
    'how many times faster the local JSON2Video renders',
    bounds,
  ).default(1);
}

async function up(options: UpOptions, output: Output): Promise<void> {
  requireWorkerPackages();
  await runOneMachine(planOf(options, readConfig(process.env)), output, (machine) => ({
    facts: {
      url: machine.serverUrl,
      temporalUi: machine.engine.uiUrl,
      token: machine.token,
      temporalAddress: machine.engine.address,
      json2videoUrl: machine.providerUrl,
      workerPid: machine.workerPid,
    },
    lines: upLines(machine, options),
  }));
}

/** Its engine would wait for a person to make the version of each start current. */
const UNVERSIONED =
  'TEMPORAL_DEPLOYMENT_NAME has no effect here: the worker of one machine has no version, and each start replaces it';

/** Starts everything, prints what `say` returns, and serves until a signal. */
export async function runOneMachine(
  plan: Plan,
  output: Output,
  say: (machine: OneMachine) => Omit<Parameters<typeof serve>[0], 'stop'>,
): Promise<void> {
  if (readConfig(process.env).deployment !== undefined) output.note(UNVERSIONED);
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const machine = await startOneMachine(plan, stops, output);
    await serve({ ...say(machine), stop: async () => undefined }, output);
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

function planOf(options: UpOptions, config: Config): Plan {
  const { local = false, port, timeScale } = options;
  if (!local && config.apiKey === undefined) {
    throw new ConfigInvalid(
      'JSON2VIDEO_API_KEY is not set',
      'Set it to a project API key of your JSON2Video account, with role render, or give --local to render at no cost.',
    );
  }
  const usual = (own: number | undefined, usually: number): number => own ?? (port === 0 ? 0 : usually);
  return {
    folder: new DataFolder(options.data),
    retentionDays: config.keyMemoryDays,
    enginePort: usual(options.enginePort, PORTS.engine),
    uiPort: usual(options.uiPort, PORTS.ui),
    local: local ? { port: usual(options.fakePort, PORTS.provider), timeScale } : undefined,
    listen: { ...config.listen, ...(port === undefined ? {} : { port }) },
    tokens: config.tokens === undefined ? 'made' : 'given',
    variables: {},
    workerStopMs: WORKER_STOP_MS,
    listener: 'server',
  };
}

function upLines(
  { engine, providerUrl, serverUrl, token, lookFrom }: OneMachine,
  { data }: UpOptions,
): string[] {
  return [
    `console: ${serverUrl}/`,
    `API: ${serverUrl}/v1/renders; webhooks: ${serverUrl}/json2video/<token>; health: ${serverUrl}/healthz`,
    `on this machine only: engine ${engine.address}, Temporal UI ${engine.uiUrl}${providerUrl === undefined ? '' : `, local JSON2Video ${providerUrl} (nothing is charged)`}`,
    ...(token === undefined
      ? []
      : [
          `token of the API, shown only now: ${token}`,
          `  ${data} keeps its hash; \`renderonce token create\` makes others`,
        ]),
    ...(lookFrom === undefined
      ? []
      : [
          `the engine was restored to ${lookFrom}: the first submission of a key waits for a look in the list of JSON2Video`,
        ]),
    'Ctrl-C stops everything; the next start continues all renders',
  ];
}

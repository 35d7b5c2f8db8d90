import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type DemoParts, runDemo } from '../../demo/demo.js';
import { demoLines } from '../../demo/table.js';
import { demoTemplates } from '../../demo/templates.js';
import { startFakeJson2Video } from 'json2video-local';
import { Renders } from '../../starter.js';
import { connectClient } from '../../temporal/connect.js';
import { requireWorkerPackages } from '../../worker/packages.js';
import { spawnCommand, withheld } from '../local/child.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { startEmbeddedEngine } from '../local/embedded-engine.js';
import { EXIT } from '../exit-code.js';
import { startLocalServices } from '../local/local-services.js';
import type { Output } from '../print/output.js';
import { stopRequested } from '../local/serve.js';

interface DemoOptions extends CommonOptions {
  readonly keep?: boolean;
}

/** Renders of the demo take a sixth of their real time, so that the whole stays under a minute. */
const TIME_SCALE = 6;

/** `renderonce demo`: what can go wrong, goes wrong, and every movie is paid for once. */
export function demoCommand(): Command {
  return newCommand('demo', ['demo', 'demo --keep', 'demo --json'])
    .option('--keep', 'leave everything running afterwards, for a look at the Temporal UI')
    .addHelpText('after', '\nExit code 0 only if every promise held.')
    .action((options: DemoOptions) => run(options, (output) => demonstrate(options.keep === true, output)));
}

type Stops = (() => Promise<unknown>)[];

async function demonstrate(keep: boolean, output: Output): Promise<number> {
  requireWorkerPackages();
  const stops: Stops = [];
  try {
    const parts = await openDemo(stops, output);
    const demo = await runDemo(parts);
    output.result(demo, demoLines(demo));
    if (keep) {
      output.note(`still running; Temporal UI: ${parts.engine.uiUrl}; Ctrl-C ends it`);
      await stopRequested();
    }
    return demo.ok ? 0 : EXIT.outcome;
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

/** What may be set around the demo; anything else belongs to a deployment, and the demo shows the defaults. */
const HEEDED = ['RENDERONCE_WORKER_LISTEN', 'RENDERONCE_TRACES'];

function settings(): Record<string, string | undefined> {
  return {
    ...withheld((name) => name.startsWith('RENDERONCE_') && !HEEDED.includes(name)),
    RENDERONCE_KEY_MEMORY_DAYS: '1',
    RENDERONCE_LOG_LEVEL: 'error',
  };
}

/** Starts all that the demo plays on; what it started is stopped by `stops`, last first. */
async function openDemo(stops: Stops, output: Output): Promise<DemoParts> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-demo-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  output.note('starting Temporal, a local JSON2Video, a receiver and a worker …');
  const engine = await startEmbeddedEngine({ dbFile: join(folder, 'temporal.db'), retentionDays: 1 }, output);
  stops.push(() => engine.stop());
  output.note(`Temporal UI: ${engine.uiUrl}`);
  // Without the movie cache: naive callers ask for the movies that were rendered before, and what a cached render costs
  // is told differently on different pages.
  const fake = await startFakeJson2Video({
    timeScale: TIME_SCALE,
    templates: await demoTemplates(),
    cache: false,
  });
  stops.push(() => fake.close());
  const { receiver, workerEnv } = await startLocalServices(engine, fake, settings());
  stops.push(() => receiver.stop());
  let worker = await spawnCommand(['worker'], workerEnv);
  stops.push(() => worker.stop());
  const connectionOptions = { address: engine.address };
  const client = await connectClient({ connectionOptions, namespace: engine.namespace });
  stops.push(() => client.connection.close());
  const replaceWorker = async (): Promise<void> => {
    await worker.kill();
    worker = await spawnCommand(['worker'], workerEnv);
  };
  return { renders: new Renders({ client }), fake, engine, replaceWorker, note: output.note };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { startFakeJson2Video } from 'json2video-local';
import { runDemo } from '../../demo/demo.js';
import { demoTemplates } from '../../demo/scenes.js';
import { folderFault } from '../../engine/index.js';
import { Renders } from '../../starter.js';
import { connectClient } from '../../temporal/connect.js';
import { requireWorkerPackages } from '../../worker/packages.js';
import { type CommonOptions, EXIT, newCommand, run } from '../command.js';
import { localCommands, startLocalEngine } from '../local/local-stack.js';
import { stopRequested } from '../local/serve.js';
import { withheld } from '../local/spawn-command.js';
import type { Output } from '../print/output.js';
import { tableLines } from '../print/table.js';

interface DemoOptions extends CommonOptions {
  readonly keep?: boolean;
}

/** Speed of the local JSON2Video, so that the whole demo stays under a minute. */
const TIME_SCALE = 6;

/** Creates `renderonce demo`, which provokes every trouble and shows that each movie is paid for once. */
export function demoCommand(): Command {
  return newCommand('demo', ['demo', 'demo --keep', 'demo --json'])
    .option('--keep', 'leave everything running afterwards, for a look at the Temporal UI')
    .action((options: DemoOptions) => run(options, (output) => demonstrate(options.keep === true, output)));
}

type DemoParts = Parameters<typeof runDemo>[0];
type Demo = Awaited<ReturnType<typeof runDemo>>;
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

/** Variables that the demo obeys. The others belong to a deployment, and the demo shows the defaults. */
const OBEYED = ['RENDERONCE_WORKER_LISTEN', 'RENDERONCE_TRACES'];

function settings(): Record<string, string | undefined> {
  return {
    ...withheld((name) => name.startsWith('RENDERONCE_') && !OBEYED.includes(name)),
    RENDERONCE_KEY_MEMORY_DAYS: '1',
    RENDERONCE_LOG_LEVEL: 'error',
  };
}

/** Starts everything that the demo needs; `stops` gets a function for each part, to be called last first. */
async function openDemo(stops: Stops, output: Output): Promise<DemoParts> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-demo-')).catch((error: unknown) => {
    throw folderFault(error, tmpdir(), ' by TMPDIR');
  });
  stops.push(() => rm(folder, { recursive: true, force: true }));
  output.note('starting Temporal, a local JSON2Video, a receiver and a worker …');
  const engine = await startLocalEngine(
    { dbFile: join(folder, 'temporal.db'), retentionDays: 1 },
    output.note,
  );
  stops.push(() => engine.stop());
  output.note(`Temporal UI: ${engine.uiUrl}`);
  // The naive callers send the same movies, and the provider's pages disagree about the price of a cached render.
  const fake = await startFakeJson2Video({
    timeScale: TIME_SCALE,
    templates: await demoTemplates(),
    cache: false,
  });
  stops.push(() => fake.close());
  const { startReceiver, startWorker } = localCommands(engine, fake, settings());
  const receiver = await startReceiver();
  stops.push(() => receiver.stop());
  let worker = await startWorker(receiver);
  stops.push(() => worker.stop());
  const connectionOptions = { address: engine.address };
  const client = await connectClient({ connectionOptions, namespace: engine.namespace });
  stops.push(() => client.connection.close());
  const replaceWorker = async (): Promise<void> => {
    await worker.kill();
    worker = await startWorker(receiver);
  };
  return { renders: new Renders({ client }), fake, engine, replaceWorker, note: output.note };
}

const HEAD = [
  'key',
  'what happens',
  'end',
  'project',
  'callers',
  'paid POSTs',
  'GETs',
  'webhooks',
  'seconds',
];

/** Column of the first number. */
const NUMBERS_FROM = 4;

function demoLines(demo: Demo): string[] {
  const rows = demo.keys.map(
    ({ key, what, state, project, callers, postsAccepted, gets, webhooks, seconds }) =>
      [key, what, state, project, callers, postsAccepted, gets, webhooks, seconds].map(String),
  );
  const { callers, postsAccepted, duplicatePosts, creditsSpent, postsNaive, creditsNaive } = demo.totals;
  return [
    '',
    ...tableLines(HEAD, rows, NUMBERS_FROM),
    '',
    `renderonce: ${callers} callers, ${postsAccepted} paid POSTs, ${duplicatePosts} duplicates, ${creditsSpent} credits`,
    `naive client, same events: ${postsNaive} paid POSTs, ${creditsNaive} credits`,
    `same key with another movie: ${demo.otherMovieRefused ? 'refused, nothing sent' : 'NOT refused'}`,
    '',
    demo.ok
      ? 'Every promise held: each key was paid for once. (All counted by the ledger of the local JSON2Video; no credit was real.)'
      : 'A promise did not hold: see the table.',
  ];
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Demo, runDemo } from '../demo/demo.js';
import { demoLines } from '../demo/table.js';
import { startFakeJson2Video } from '../fake/index.js';
import { Renders } from '../starter.js';
import { connectClient } from '../temporal/connect.js';
import { spawnCommand } from './child.js';
import { type CommonOptions, newCommand, run } from './command.js';
import { startEmbeddedEngine } from './embedded-engine.js';
import { EXIT } from './exit-code.js';
import { startLocalServices } from './local-services.js';
import type { Output } from './output.js';

/** Renders of the demo take a sixth of their real time, so that the whole stays well under a minute. */
const TIME_SCALE = 6;

/** `renderonce demo`: three movies, ten callers for one of them, and what the provider's ledger says afterwards. */
export function demoCommand(): Command {
  return newCommand('demo', 'show on this machine, at no cost, that every movie is paid for once').action(
    (options: CommonOptions) =>
      run(options, async (output) => {
        const demo = await demonstrate(output);
        output.result(demo, demoLines(demo));
        return demo.ok ? 0 : EXIT.outcome;
      }),
  );
}

async function demonstrate(output: Output): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-demo-'));
  const started: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    output.note('starting Temporal, a local JSON2Video and a worker …');
    const engine = await startEmbeddedEngine(
      { dbFile: join(folder, 'temporal.db'), retentionDays: 1 },
      output,
    );
    started.push(() => engine.stop());
    output.note(`Temporal UI: ${engine.uiUrl}`);
    const fake = await startFakeJson2Video({ timeScale: TIME_SCALE });
    started.push(() => fake.close());
    const { receiver, workerEnv } = await startLocalServices(engine, fake, {
      RENDERONCE_KEY_MEMORY_DAYS: '1',
      RENDERONCE_LOG_LEVEL: 'error',
    });
    started.push(() => receiver.stop());
    const worker = await spawnCommand(['worker'], workerEnv);
    started.push(() => worker.stop());
    const client = await connectClient({
      connectionOptions: { address: engine.address },
      namespace: engine.namespace,
    });
    started.push(() => client.connection.close());
    return await runDemo({
      renders: new Renders({ client }),
      fake,
      temporalUi: engine.uiUrl,
      note: output.note,
    });
  } finally {
    for (const stop of started.toReversed()) await stop();
  }
}

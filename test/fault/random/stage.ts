import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { findEngine, type RunningEngine, startEngine } from '../../../src/engine/index.js';
import { SEARCH_ATTRIBUTES } from '../../../src/workflows/messages.js';
import { BUILD } from '../../support/compiled.js';
import { lastingPort } from '../../support/lasting-port.js';
import { startCommand } from '../../support/processes.js';
import { CallerProcess } from './operators/processes.js';
import type { CallerName } from './operators/script.js';
import { openSlowLine } from './operators/slow-line.js';

/** Engine, receiver and callers, which all providers of a play share. */
export interface RandomStage {
  readonly dist: string;
  readonly address: string;
  readonly client: Client;
  readonly receiver: { readonly url: string; readonly secret: string };
  readonly callers: Readonly<Record<CallerName, CallerProcess>>;
  /** Kills the engine with -9, and starts it again on its file. */
  restartEngine(awayMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface RandomStageOptions {
  /** The compiled project that is proved. */
  readonly dist?: string;
  /** Keeps the engine's data in a file, so that it can be restarted. */
  readonly onDisk: boolean;
}

const SECRET = 'a-secret-of-the-random-stage-that-is-long-enough';

const CLOCKS_MS: Readonly<Record<CallerName, number>> = { plain: 0, ahead: 300_000, behind: -300_000 };

/** One way of the slow line. A start that was decided on comes to the engine this much later. */
const SLOW_LINE_MS = 3_000;

export async function openRandomStage({ dist = BUILD, onDisk }: RandomStageOptions): Promise<RandomStage> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-random-'));
  const { path: binary } = await findEngine({ env: process.env });
  const [port, receiverPort] = await Promise.all([lastingPort(), lastingPort()]);
  const start = (): Promise<RunningEngine> =>
    startEngine({
      binary,
      ...(onDisk ? { dbFile: join(folder, 'temporal.db') } : {}),
      retentionDays: 30,
      searchAttributes: SEARCH_ATTRIBUTES,
      env: process.env,
      port,
    });
  let engine = await start();
  const { address } = engine;
  const slow = await openSlowLine(port, SLOW_LINE_MS);
  const client = new Client({ connection: await Connection.connect({ address }) });
  const caller = (name: CallerName): Promise<CallerProcess> =>
    CallerProcess.start(
      { dist, address: name === 'ahead' ? `127.0.0.1:${slow.port}` : address },
      CLOCKS_MS[name],
    );
  const env = { TEMPORAL_ADDRESS: address, RENDERONCE_WEBHOOK_SECRET: SECRET, RENDERONCE_LOG_LEVEL: 'error' };
  const [receiver, plain, ahead, behind] = await Promise.all([
    startCommand(['receiver', '--port', String(receiverPort)], env, { dist }),
    caller('plain'),
    caller('ahead'),
    caller('behind'),
  ]);
  const callers = { plain, ahead, behind };
  return {
    dist,
    address,
    client,
    receiver: { url: String(receiver.said['url']), secret: SECRET },
    callers,
    restartEngine: async (awayMs) => {
      process.kill(engine.pid, 'SIGKILL');
      await engine.exited;
      await new Promise((resolve) => setTimeout(resolve, awayMs));
      engine = await start();
    },
    close: async () => {
      await Promise.all(Object.values(callers).map((each) => each.stop()));
      receiver.kill('SIGKILL');
      await receiver.exit;
      await slow.close();
      await client.connection.close();
      await engine.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { encryptingDataConverter } from '../../src/codec/index.js';
import { findEngine, type RunningEngine, startEngine } from '../../src/engine/index.js';
import { Renders } from '../../src/starter.js';
import { SEARCH_ATTRIBUTES } from '../../src/workflows/messages.js';
import { type FakeProcess, startFakeProcess } from './fake-process.js';
import { lastingPort } from './lasting-port.js';
import { type Env, type Running, startCommand } from './processes.js';

/** Everything that a test on real processes needs: engine, provider, workers and a client. Close it in the end. */
export interface Stage {
  readonly fake: FakeProcess;
  readonly client: Client;
  readonly renders: Renders;
  readonly taskQueue: string;
  /** Where the engine keeps its database, if it has one. */
  readonly folder: string;
  /** The variables with which a command finds this stage. */
  readonly env: Env;
  engine: RunningEngine;
  startWorker(env?: Env): Promise<Running>;
  /** Starts a receiver, always on the same port, of which workers that start later tell the provider. */
  startReceiver(env?: Env): Promise<Running>;
  /** Kills the engine with -9 and starts it again on the same file and port. */
  restartEngine(awayMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Signs callbacks on the stage. */
export const SECRET = 'a-secret-of-the-stage-that-is-long-enough';

export interface StageOptions {
  /** The engine keeps its data in a file, so that it can be restarted; otherwise in memory, which takes less time. */
  readonly onDisk?: boolean;
  /** Further arguments of `renderonce fake`. */
  readonly fakeArgs?: readonly string[];
  /** Variables of all commands; the provider knows the API key in them, and the client encrypts as they say. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function openStage({
  onDisk = false,
  fakeArgs = [],
  env: more = {},
}: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-test-'));
  const { path: binary } = await findEngine({ env: process.env });
  const [enginePort, receiverPort] = await Promise.all([lastingPort(), lastingPort()]);
  const start = (): Promise<RunningEngine> =>
    startEngine({
      binary,
      ...(onDisk ? { dbFile: join(folder, 'temporal.db') } : {}),
      retentionDays: 30,
      searchAttributes: SEARCH_ATTRIBUTES,
      env: process.env,
      port: enginePort,
    });
  const engine = await start();
  const fake = await startFakeProcess(['--no-cache', ...fakeArgs], more['JSON2VIDEO_API_KEY']);
  const taskQueue = more['RENDERONCE_TASK_QUEUE'] ?? `test-${randomUUID().slice(0, 8)}`;
  const connection = await Connection.connect({ address: engine.address });
  const keys = more['RENDERONCE_ENCRYPTION_KEYS'];
  const encryption = keys === undefined ? {} : { dataConverter: encryptingDataConverter(keys) };
  const client = new Client({ connection, ...encryption });
  const processes = new Set<Running>();
  const kept = async (starting: Promise<Running>): Promise<Running> => {
    const running = await starting;
    processes.add(running);
    return running;
  };
  const env: Record<string, string> = {
    TEMPORAL_ADDRESS: engine.address,
    RENDERONCE_TASK_QUEUE: taskQueue,
    RENDERONCE_LOG_LEVEL: 'warn',
    JSON2VIDEO_URL: fake.url,
    JSON2VIDEO_API_KEY: fake.apiKey,
    ...more,
  };
  const stage: Stage = {
    fake,
    client,
    renders: new Renders({ client, taskQueue }),
    taskQueue,
    folder,
    env,
    engine,
    startWorker: (other = {}) => kept(startCommand(['worker'], { ...env, ...other })),
    startReceiver: async (other = {}) => {
      env['RENDERONCE_WEBHOOK_SECRET'] ??= SECRET;
      const args = ['receiver', '--port', String(receiverPort)];
      const receiver = await kept(startCommand(args, { ...env, ...other }));
      env['RENDERONCE_WEBHOOK_URL'] = String(receiver.said['url']);
      return receiver;
    },
    restartEngine: async (awayMs = 0) => {
      if (!onDisk) throw new Error('this stage’s engine has no data on disk to come back with');
      process.kill(stage.engine.pid, 'SIGKILL');
      await stage.engine.exited;
      await new Promise((resolve) => setTimeout(resolve, awayMs));
      stage.engine = await start();
    },
    close: async () => {
      for (const each of processes) each.kill('SIGKILL');
      await Promise.all([...processes].map((each) => each.exit));
      await client.connection.close();
      await fake.stop();
      await stage.engine.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return stage;
}

/** A key that no other test uses. */
export function freshKey(what: string): string {
  return `${what}-${randomUUID().slice(0, 8)}`;
}

/** The smallest movie that renders. */
export const CARD = {
  resolution: 'full-hd',
  scenes: [{ duration: 5, elements: [{ type: 'text', text: 'Hello', style: '001' }] }],
} as const;

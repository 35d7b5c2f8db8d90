import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { FakeOptions } from 'json2video-local';
import { encryptingDataConverter } from '../../src/codec/index.js';
import type { Receiver } from '../../src/receiver/index.js';
import { Renders } from '../../src/starter.js';
import { hostReceiver, hostWorker } from './hosted.js';
import { lastingPort } from './lasting-port.js';
import { type LocalProvider, startLocalProvider } from './local-provider.js';
import { type Env, type Running, startCommand } from './processes.js';
import { type EngineKind, openEngine, type StageEngine } from './stage-engine.js';

/** Everything that a test of renders needs: engine, provider, workers and a client. Close it in the end. */
export interface Stage {
  readonly engine: StageEngine;
  readonly fake: LocalProvider;
  readonly client: Client;
  readonly renders: Renders;
  readonly taskQueue: string;
  /** A folder that is removed with the stage; the engine's database is in it, if there is one. */
  readonly folder: string;
  /** The variables with which a command finds this stage. */
  readonly env: Env;
  /** Runs a worker in this process until it is stopped, or the stage closes. */
  hostWorker(env?: Env): Promise<() => Promise<void>>;
  /** Runs a receiver in this process; workers that start later name it to the provider. */
  hostReceiver(env?: Env): Promise<Receiver>;
  /** Starts a worker as a process, for a test that kills it or reads what it prints. */
  startWorker(env?: Env): Promise<Running>;
  /** Starts a receiver as a process, always on the same port; workers that start later name it to the provider. */
  startReceiver(env?: Env): Promise<Running>;
  /** Starts the HTTP API as a process, on any free port. */
  startServer(env?: Env): Promise<Running>;
  close(): Promise<void>;
}

/** Signs callbacks on the stage. */
export const SECRET = 'a-secret-of-the-stage-that-is-long-enough';

export interface StageOptions {
  /** `shared` by default; an engine that runs already is stopped with the stage. */
  readonly engine?: EngineKind | StageEngine;
  readonly provider?: FakeOptions;
  /** Variables of all commands; the provider knows the API key in them, and the client encrypts as they say. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { env: more = {}, provider = {} } = options;
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-test-'));
  const { engine: wanted = 'shared' } = options;
  const engine = typeof wanted === 'string' ? await openEngine(wanted, folder) : wanted;
  const { address, namespace } = engine;
  const apiKey = more['JSON2VIDEO_API_KEY'];
  const fake = await startLocalProvider(apiKey === undefined ? provider : { apiKey, ...provider });
  const receiverPort = await lastingPort();
  const taskQueue = more['RENDERONCE_TASK_QUEUE'] ?? `test-${randomUUID().slice(0, 8)}`;
  const connection = await Connection.connect({ address });
  const keys = more['RENDERONCE_ENCRYPTION_KEYS'];
  const encryption = keys === undefined ? {} : { dataConverter: encryptingDataConverter(keys) };
  const client = new Client({ connection, namespace, ...encryption });
  const processes = new Set<Running>();
  const kept = async (starting: Promise<Running>): Promise<Running> => {
    const running = await starting;
    processes.add(running);
    return running;
  };
  const hosted: (() => Promise<void>)[] = [];
  const env: Record<string, string> = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    RENDERONCE_TASK_QUEUE: taskQueue,
    RENDERONCE_LOG_LEVEL: 'warn',
    JSON2VIDEO_URL: fake.url,
    JSON2VIDEO_API_KEY: fake.apiKey,
    ...more,
  };
  return {
    engine,
    fake,
    client,
    renders: new Renders({ client, taskQueue }),
    taskQueue,
    folder,
    env,
    hostWorker: async (other = {}) => {
      const stop = await hostWorker(engine, { ...env, ...other });
      hosted.push(stop);
      return stop;
    },
    hostReceiver: async (other = {}) => {
      env['RENDERONCE_WEBHOOK_SECRET'] ??= SECRET;
      const receiver = await hostReceiver(client, { ...env, ...other });
      hosted.push(() => receiver.stop());
      env['RENDERONCE_WEBHOOK_URL'] = receiver.url;
      return receiver;
    },
    startWorker: (other = {}) => kept(startCommand(['worker'], { ...env, ...other })),
    startReceiver: async (other = {}) => {
      env['RENDERONCE_WEBHOOK_SECRET'] ??= SECRET;
      const args = ['receiver', '--port', String(receiverPort)];
      const receiver = await kept(startCommand(args, { ...env, ...other }));
      env['RENDERONCE_WEBHOOK_URL'] = String(receiver.said['url']);
      return receiver;
    },
    startServer: (other = {}) => kept(startCommand(['server', '--port', '0'], { ...env, ...other })),
    close: async () => {
      for (const each of processes) each.kill('SIGKILL');
      await Promise.all([...processes].map((each) => each.exit));
      // The provider first: what waits for its replies ends with it.
      await fake.stop();
      await Promise.all(hosted.map((stop) => stop()));
      await client.connection.close();
      await engine.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
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

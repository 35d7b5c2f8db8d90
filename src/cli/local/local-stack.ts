import { randomBytes } from 'node:crypto';
import type { FakeJson2Video } from 'json2video-local';
import { findEngine, type RunningEngine, startEngine } from '../../engine/index.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/messages.js';
import type { Output } from '../print/output.js';
import { type ChildCommand, type ChildEnv, spawnCommand, withheld } from './child-command.js';

interface LocalEngineOptions {
  readonly dbFile: string;
  readonly retentionDays: number;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly uiPort?: number;
}

/** Finds or fetches an engine and starts it with everything that renders need. */
export async function startLocalEngine(options: LocalEngineOptions, output: Output): Promise<RunningEngine> {
  const { path } = await findEngine({ env: process.env, onProgress: output.note });
  return startEngine({
    binary: path,
    dbFile: options.dbFile,
    retentionDays: options.retentionDays,
    searchAttributes: SEARCH_ATTRIBUTES,
    env: process.env,
    ...(options.port ? { port: options.port } : {}),
    ...(options.uiPort ? { uiPort: options.uiPort } : {}),
  });
}

/** Starts the processes that work with a local engine and a local JSON2Video. */
interface LocalCommands {
  /** Starts a receiver on any free port, or on the port of the one before it. */
  readonly startReceiver: (before?: ChildCommand) => Promise<ChildCommand>;
  readonly startWorker: (receiver: ChildCommand) => Promise<ChildCommand>;
}

/** Returns what starts receivers and workers, which share a new secret. `more` are variables of both. */
export function localCommands(engine: RunningEngine, fake: FakeJson2Video, more: ChildEnv): LocalCommands {
  const env = {
    ...withheld((name) => name.startsWith('TEMPORAL_')),
    TEMPORAL_ADDRESS: engine.address,
    TEMPORAL_NAMESPACE: engine.namespace,
    ...more,
    JSON2VIDEO_API_KEY: undefined,
    RENDERONCE_WEBHOOK_SECRET: randomBytes(32).toString('base64url'),
  };
  // A second installation, or a worker that is stopping, may hold a fixed port.
  const monitor = { RENDERONCE_WORKER_LISTEN: process.env['RENDERONCE_WORKER_LISTEN'] ?? 'off' };
  const provider = { JSON2VIDEO_URL: fake.url, JSON2VIDEO_API_KEY: fake.apiKey };
  return {
    startReceiver: (before) => {
      const RENDERONCE_LISTEN = before?.url === undefined ? '127.0.0.1:0' : new URL(before.url).host;
      return spawnCommand(['receiver'], { ...env, RENDERONCE_LISTEN });
    },
    startWorker: ({ url }) =>
      spawnCommand(['worker'], { ...env, ...monitor, ...provider, RENDERONCE_WEBHOOK_URL: url }),
  };
}

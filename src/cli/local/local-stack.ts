import { randomBytes } from 'node:crypto';
import { findEngine, type RunningEngine, startEngine } from '../../engine/index.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/messages.js';
import type { Output } from '../print/output.js';
import { type ChildCommand, type ChildEnv, spawnCommand, withheld } from './spawn-command.js';

interface LocalEngineOptions {
  readonly dbFile: string;
  readonly retentionDays: number;
  /** Called when the database is this start's own, before the engine runs. */
  readonly onLocked?: () => Promise<void>;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly uiPort?: number;
}

/** Finds or fetches an engine and starts it with everything that renders need. */
export async function startLocalEngine(
  { port, uiPort, ...options }: LocalEngineOptions,
  note: Output['note'],
): Promise<RunningEngine> {
  const { path } = await findEngine({ env: process.env, onProgress: note });
  return startEngine({
    ...options,
    binary: path,
    searchAttributes: SEARCH_ATTRIBUTES,
    env: process.env,
    ...(port ? { port } : {}),
    ...(uiPort ? { uiPort } : {}),
  });
}

interface LocalProviderOptions {
  /** Folder of its ledger. */
  readonly dataFolder: string;
  /** 0: any free port. */
  readonly port: number;
  readonly timeScale: number;
}

/** The key of the local JSON2Video. It is no secret, since the server listens on this machine only and nothing is charged. */
export const LOCAL_API_KEY = 'local-key';

/** A local JSON2Video that runs in a process of its own. */
export interface LocalProvider extends ChildCommand {
  readonly url: string;
}

/** Starts a local JSON2Video in a process of its own; one that replaces another serves at its port. */
export async function startLocalProvider(
  { dataFolder, port, timeScale }: LocalProviderOptions,
  before?: LocalProvider,
): Promise<LocalProvider> {
  const ownPort = before === undefined ? port : new URL(before.url).port;
  const args = ['fake', '--data', dataFolder, '--port', String(ownPort), '--time-scale', String(timeScale)];
  const child = await spawnCommand(args, { JSON2VIDEO_API_KEY: LOCAL_API_KEY });
  // Without an address, workers would ask the real provider.
  if (child.url === undefined) throw new Error('the local JSON2Video has no address');
  return { ...child, url: child.url };
}

/** Address and key of a JSON2Video; the key of the local one if it is left out. */
interface Provider {
  readonly url: string;
  readonly apiKey?: string;
}

/** Starts the processes that work with a local engine and a local JSON2Video. */
interface LocalCommands {
  /** Starts a receiver on any free port, or on the port of the one before it. */
  readonly startReceiver: (before?: ChildCommand) => Promise<ChildCommand>;
  readonly startWorker: (receiver: ChildCommand) => Promise<ChildCommand>;
}

/** Returns what starts receivers and workers, which share a new secret. `more` are variables of both. */
export function localCommands(engine: RunningEngine, provider: Provider, more: ChildEnv): LocalCommands {
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
  const account = { JSON2VIDEO_URL: provider.url, JSON2VIDEO_API_KEY: provider.apiKey ?? LOCAL_API_KEY };
  return {
    startReceiver: (before) => {
      const RENDERONCE_LISTEN = before?.url === undefined ? '127.0.0.1:0' : new URL(before.url).host;
      return spawnCommand(['receiver'], { ...env, RENDERONCE_LISTEN });
    },
    startWorker: ({ url }) =>
      spawnCommand(['worker'], { ...env, ...monitor, ...account, RENDERONCE_WEBHOOK_URL: url }),
  };
}

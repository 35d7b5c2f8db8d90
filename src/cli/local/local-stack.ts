import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { findEngine, type RunningEngine, startEngine } from '../../engine/index.js';
import { parseJson } from '../../text/json.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/messages.js';
import type { Output } from '../print/output.js';

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

/** A command of this program that serves in a process of its own. */
interface ChildCommand {
  readonly pid: number;
  /** Address at which it serves, if it has one. */
  readonly url: string | undefined;
  /** Resolves when the process has ended, for any reason. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
  /** Ends it with SIGKILL, as a crash does, and resolves when it has ended. */
  kill(): Promise<void>;
}

/** Variables that a child gets besides those of this process; undefined removes a variable. */
type ChildEnv = Readonly<Record<string, string | undefined>>;

interface LocalProviderOptions {
  /** Folder of its ledger. */
  readonly dataFolder: string;
  /** 0: any free port. */
  readonly port: number;
  readonly timeScale: number;
}

/** The key of the local JSON2Video. It is no secret, since the server listens on this machine only and nothing is charged. */
const LOCAL_API_KEY = 'local-key';

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

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** A worker starts in 1 s on an idle machine; longer than this is a process that hangs. */
const START_TIMEOUT_MS = 60_000;

/** Covers the longest grace of a stopping worker that has nothing in flight, with a margin. */
const STOP_TIMEOUT_MS = 15_000;

/**
 * Spawns `renderonce <args> --json` and resolves when it serves. The child watches the channel between the two processes,
 * so it ends whenever this process ends.
 */
async function spawnCommand(args: readonly string[], env: ChildEnv): Promise<ChildCommand> {
  const child = spawn(process.execPath, [MAIN, ...args, '--json'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const url = await ready(child, exited, args.join(' '));
  return {
    url,
    pid: child.pid ?? 0,
    exited,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Returns the variables of this process that a child must not inherit, as `spawnCommand` takes them. */
export function withheld(isWithheld: (name: string) => boolean): Record<string, undefined> {
  const names = Object.keys(process.env).filter(isWithheld);
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

const firstLine = z.object({
  ready: z.literal(true).optional(),
  url: z.string().optional(),
  error: z.object({ message: z.string() }).optional(),
});

async function ready(child: ChildProcess, exited: Promise<void>, name: string): Promise<string | undefined> {
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
  const line = await Promise.race([firstLineOf(child), exited]);
  clearTimeout(timer);
  const said = firstLine.safeParse(parseJson(line ?? ''));
  if (said.success && said.data.ready === true) return said.data.url;
  child.kill('SIGKILL');
  const reason = said.success ? said.data.error?.message : undefined;
  throw new Error(`renderonce ${name} did not start: ${reason ?? 'it ended before it was ready'}`);
}

function firstLineOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
  });
}

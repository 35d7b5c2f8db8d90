import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastingPort } from './lasting-port.js';
import { installPackages } from './python-packages.js';
import { runProgram } from './run-program.js';
import { until } from './until.js';

const RECEIVERS = fileURLToPath(new URL('../../examples/receivers/', import.meta.url));

/** A receiver of the examples as a process that can be killed, with its database. */
export interface ExampleReceiver {
  readonly url: string;
  /** File of its database. */
  readonly database: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Number of effects of each event, by its ID. */
  effects(): Promise<ReadonlyMap<string, number>>;
}

export type Command = (port: number) => {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: object;
};

/** The command of an example; a text that says why it cannot run here. */
export async function commandOf(language: 'typescript' | 'python' | 'php'): Promise<Command | string> {
  if (language === 'typescript') {
    const node = await newNode();
    return node.startsWith('/')
      ? () => ({ program: node, args: ['--no-warnings', `${RECEIVERS}receiver.ts`] })
      : node;
  }
  if (language === 'python') {
    const requirements = new URL('../../examples/receivers/requirements.txt', import.meta.url);
    const packages = await installPackages('receiver', requirements);
    if (typeof packages === 'string') return packages;
    return () => ({ program: 'python3', args: [`${RECEIVERS}receiver.py`], env: packages.env });
  }
  const { stdout } = await runProgram('php', ['-m']).catch(() => ({ stdout: '' }));
  if (!stdout.includes('pdo_sqlite')) return 'php with pdo_sqlite is missing';
  return (port) => ({ program: 'php', args: ['-S', `127.0.0.1:${port}`, `${RECEIVERS}receiver.php`] });
}

/** Node 22.18 or newer: this one, or one that npm installs once into the user's cache. */
async function newNode(): Promise<string> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  const cache = join(
    process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    'renderonce',
    'node-22.23.3',
  );
  const node = join(cache, 'node_modules/.bin/node');
  if (await isThere(node)) return node;
  await mkdir(cache, { recursive: true });
  await runProgram('npm', ['install', '--no-save', '--silent', '--prefix', cache, 'node@22.23.3']);
  return (await isThere(node)) ? node : 'Node 22.18 or newer is missing';
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Prepares a receiver with a fresh database. */
export async function openReceiver(command: Command, secret: string): Promise<ExampleReceiver> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-receiver-'));
  const [port, database] = [await lastingPort(), join(folder, 'orders.db')];
  let running: ChildProcess | undefined;
  return {
    url: `http://127.0.0.1:${port}/`,
    database,
    start: async () => {
      const { program, args, env = process.env } = command(port);
      running = spawn(program, args, {
        env: { ...env, PORT: String(port), DATABASE: database, EVENTS_SECRET: secret },
        stdio: 'ignore',
      });
      await until('the receiver answers', async () =>
        fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' }).then(
          ({ status }) => status === 400,
          () => false,
        ),
      );
    },
    kill: async () => {
      const ended = running && running.exitCode === null ? once(running, 'exit') : undefined;
      running?.kill('SIGKILL');
      await ended;
    },
    effects: async () => {
      const query =
        'import sqlite3,sys,json; print(json.dumps(sqlite3.connect(sys.argv[1]).execute("SELECT event, COUNT(*) FROM effects GROUP BY event").fetchall()))';
      const { stdout } = await runProgram('python3', ['-c', query, database]);
      return new Map(JSON.parse(stdout) as [string, number][]);
    },
  };
}

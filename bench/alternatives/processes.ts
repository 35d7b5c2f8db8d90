import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseJson } from '../../src/render/json.js';

/** A server of an alternative in a process of its own. It ends with this one, however that ends. */
export interface ServerProcess {
  /** Where it serves; empty if it has no address. */
  readonly url: string;
  readonly pid: number;
  /** SIGKILL, and another process at the same address. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

type Settings = Readonly<Record<string, string | undefined>>;

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const readyLine = z.object({ ready: z.literal(true), url: z.string().default('') });

/** Starts the backend of an alternative (see `child/announce.mjs`). */
export function startBackend(script: URL, settings: Settings): Promise<ServerProcess> {
  return startServer([fileURLToPath(script)], settings);
}

/** Starts a command of ours as its users do. */
export function startCommand(args: readonly string[], settings: Settings): Promise<ServerProcess> {
  return startServer([MAIN, ...args, '--json'], settings);
}

async function startServer(args: readonly string[], settings: Settings): Promise<ServerProcess> {
  let { child, url } = await launch(args, settings);
  return {
    get url() {
      return url;
    },
    get pid() {
      return child.pid ?? 0;
    },
    crash: async () => {
      await end(child, 'SIGKILL');
      const port = url === '' ? {} : { PORT: new URL(url).port };
      ({ child, url } = await launch(args, { ...settings, ...port }));
    },
    stop: () => end(child, 'SIGTERM'),
  };
}

async function launch(
  args: readonly string[],
  settings: Settings,
): Promise<{ child: ChildProcess; url: string }> {
  // Nothing of this project's or an alternative's own variables, and none that changes how Node runs.
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, TMPDIR, ...settings },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const url = await Promise.race([addressOf(child), once(child, 'exit').then(() => undefined)]);
  if (url === undefined) throw new Error(`${args.join(' ')} ended before it served`);
  return { child, url };
}

/** What it says in the first line that says so; the rest of its output is read and dropped. */
function addressOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (stdout === null) return;
    createInterface({ input: stdout }).on('line', (line) => {
      const said = readyLine.safeParse(parseJson(line));
      if (said.success) resolve(said.data.url);
    });
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

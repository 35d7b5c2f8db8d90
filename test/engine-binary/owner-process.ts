import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { realBinary } from './real-engine.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** A program that owns an engine, so that a test may kill the owner and live. */
const OWNER = `
import { connect } from 'node:net';
import { startEngine } from './compiled/engine/index.js';

const options = JSON.parse(process.argv[2]);
const engine = await startEngine({ ...options, env: process.env }).catch((error) => {
  process.send({ refused: error.message }, () => process.exit(1));
  return new Promise(() => {});
});
const [host, port] = engine.address.split(':');
process.on('SIGINT', () => {
  const socket = connect(Number(port), host);
  const report = (serves) => {
    socket.destroy();
    process.send({ serves }, () => engine.stop().then(() => process.exit(0)));
  };
  socket.on('connect', () => report(true));
  socket.on('error', () => report(false));
});
process.on('SIGUSR2', () => process.exit(0));
// Last: whoever hears of the engine may send a signal at once.
process.send({ pid: engine.pid, address: engine.address });
`;

const startedEvent = z.object({ pid: z.number(), address: z.string() });

export interface OwnedEngine {
  readonly binary?: string;
  readonly dbFile?: string;
  readonly stopGraceMs?: number;
}

export interface Owner {
  readonly child: ChildProcess;
  readonly engine: z.infer<typeof startedEvent>;
}

/** Compiles src/engine and what it imports into the folder, since the owner is plain Node; independent of any earlier build. */
export async function compileEngine(folder: string): Promise<void> {
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const source = join(repository, 'src');
  const config = {
    extends: join(repository, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      rootDir: source,
      outDir: join(folder, 'compiled'),
      typeRoots: [join(repository, 'node_modules', '@types')],
    },
    include: [],
    files: [join(source, 'engine', 'index.ts')],
  };
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await writeFile(join(folder, 'owner.js'), OWNER);
  const compiler = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', join(folder, 'tsconfig.json')]);
}

/** The command that runs another in a new PID namespace, as a container does. */
export const IN_OTHER_PIDS = [
  'unshare',
  '--user',
  '--map-root-user',
  '--pid',
  '--fork',
  '--kill-child',
] as const;

/** Starts an owner as the leader of a process group, as a shell does; `within` are commands that run it. */
export async function spawnOwner(
  folder: string,
  options: OwnedEngine,
  within: readonly string[] = [],
): Promise<ChildProcess> {
  const engine = {
    binary: await realBinary(),
    retentionDays: 30,
    searchAttributes: { RenderState: 'Keyword' },
    ...options,
  };
  const [program, ...args] = [...within, process.execPath, join(folder, 'owner.js'), JSON.stringify(engine)];
  return spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** The same, and waits for its engine. */
export async function startOwner(folder: string, options: OwnedEngine): Promise<Owner> {
  const child = await spawnOwner(folder, options);
  return { child, engine: await nextMessage(child, startedEvent) };
}

export async function nextMessage<Message>(child: ChildProcess, shape: z.ZodType<Message>): Promise<Message> {
  const [message]: unknown[] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => ['the owner ended']),
  ]);
  return shape.parse(message);
}

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { choosePorts } from '../../../src/engine/ports.js';
import { type Service, startService } from './service.js';

const run = promisify(execFile);

/** A Postgres of this run alone, with the settings that Debian ships: what it has committed is on disk. */
export interface Postgres extends Service {
  readonly version: string;
  /** Makes an empty database. */
  createDatabase(name: string): Promise<string>;
}

const HOST = '127.0.0.1';
const USER = 'postgres';
const START_MS = 60_000;
/** Each alternative has a pool or two of 10, and some are started twice. */
const CONNECTIONS = 200;
const DEBIAN_VERSIONS = '/usr/lib/postgresql';

/** @throws when Postgres is not installed, with the command that installs it */
export async function startPostgres(): Promise<Postgres> {
  const binaries = await findPostgres(process.env['PATH'] ?? '');
  const directory = await mkdtemp(join(tmpdir(), 'renderonce-postgres-'));
  const data = join(directory, 'data');
  const passwordFile = join(directory, 'password');
  const password = randomBytes(16).toString('hex');
  await writeFile(passwordFile, password);
  const user = await unprivilegedUser();
  if (user !== undefined) for (const path of [directory, passwordFile]) await chown(path, user.uid, user.gid);
  /** It refuses to run as root. */
  const asUser = (binary: string, args: readonly string[]): [string, string[]] =>
    user === undefined
      ? [join(binaries, binary), [...args]]
      : [
          'setpriv',
          [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', join(binaries, binary), ...args],
        ];
  const initialise = [
    '-D',
    data,
    '-U',
    USER,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
  ];
  await run(...asUser('initdb', initialise), { cwd: directory });
  const { port } = await choosePorts({ ip: HOST });
  const settings = [
    `port=${port}`,
    `listen_addresses=${HOST}`,
    `unix_socket_directories=`,
    `max_connections=${CONNECTIONS}`,
  ];
  const [binary, args] = asUser('postgres', ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]);
  const isReady = async (): Promise<boolean> => {
    await run(join(binaries, 'pg_isready'), ['-h', HOST, '-p', String(port)]);
    return true;
  };
  const service = await startService({ binary, args, directory, env: {}, isReady, patienceMs: START_MS });
  const { stdout } = await run(join(binaries, 'postgres'), ['--version']);
  return {
    get pid() {
      return service.pid;
    },
    restart: (away) => service.restart(away),
    version: stdout.trim(),
    createDatabase: async (name) => {
      const env = { ...process.env, PGPASSWORD: password };
      await run(join(binaries, 'createdb'), ['-h', HOST, '-p', String(port), '-U', USER, name], { env });
      return `postgresql://${USER}:${password}@${HOST}:${port}/${name}`;
    },
    stop: async () => {
      await service.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The folder of its executables: Debian keeps the server's off the PATH, in a folder for each version. */
export async function findPostgres(path: string, debian = DEBIAN_VERSIONS): Promise<string> {
  const versions = (await readdir(debian).catch(() => [])).toSorted((a, b) => Number(b) - Number(a));
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...path.split(delimiter)];
  const found = folders.find((folder) =>
    ['initdb', 'postgres', 'createdb'].every((name) => existsSync(join(folder, name))),
  );
  if (found !== undefined) return found;
  throw new Error('Postgres is not installed; on Debian: apt-get install postgresql');
}

/** Whom to run it as: nobody else, unless we are root. */
async function unprivilegedUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (which) => Number((await run('id', [which, USER])).stdout)),
  );
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

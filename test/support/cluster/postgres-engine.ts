import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { type Postgres, startPostgres } from './postgres.js';
import { type Service, startService } from './service.js';
import { freePorts } from './free-ports.js';
import { type ServerBinaries, serverBinaries } from './server-binaries.js';

const run = promisify(execFile);

/** A Temporal server on a Postgres of its own, which end with this process, or with `stop`. */
export interface PostgresEngine {
  /** Of the first server's frontend, for clients and workers. */
  readonly address: string;
  /** Of each server; all are one cluster. */
  readonly servers: readonly TemporalServer[];
  readonly postgres: Postgres;
  /** Starts one more server on the same databases. */
  addServer(): Promise<TemporalServer>;
  stop(): Promise<void>;
}

/** One process with all four services of Temporal. */
export interface TemporalServer extends Service {
  readonly address: string;
}

export interface PostgresEngineOptions {
  /** Fixed for the life of the databases; docker-compose.yml's number by default. */
  readonly shards?: number;
  readonly say?: (line: string) => void;
}

const HOST = '127.0.0.1';
const DEFAULT_SHARDS = 512;
const SERVING_MS = 120_000;
const SCHEMA_MS = 60_000;
const DYNAMIC_CONFIG = fileURLToPath(
  new URL('../../../docs/deploy/temporal-dynamic-config.yaml', import.meta.url),
);

/**
 * Starts Postgres with Debian's settings, makes the databases of Temporal, and starts one server with the variables of
 * docker-compose.yml. `renderonce setup` can then make a namespace.
 *
 * @throws Error with the reason if Postgres or Go is missing, or a process does not serve
 */
export async function startPostgresEngine({
  shards = DEFAULT_SHARDS,
  say = () => undefined,
}: PostgresEngineOptions = {}): Promise<PostgresEngine> {
  const binaries = await serverBinaries(say);
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-temporal-'));
  const postgres = await startPostgres();
  const servers: TemporalServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const database = await createDatabases(binaries, postgres);
    const addServer = async (): Promise<TemporalServer> => {
      const server = await startServer({ binaries, database, shards, folder });
      servers.push(server);
      return server;
    };
    const { address } = await addServer();
    return { address, servers, postgres, addServer, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Makes both databases with their schemas, which the tool contains. */
async function createDatabases({ sqlTool }: ServerBinaries, postgres: Postgres): Promise<URL> {
  let database: URL | undefined;
  for (const [name, schema] of Object.entries({ temporal: 'temporal', temporal_visibility: 'visibility' })) {
    database = new URL(await postgres.createDatabase(name));
    const env = {
      SQL_PLUGIN: 'postgres12',
      SQL_HOST: database.hostname,
      SQL_PORT: database.port,
      SQL_USER: database.username,
      SQL_PASSWORD: database.password,
      SQL_DATABASE: name,
    };
    for (const args of [
      ['setup-schema', '--version', '0.0'],
      ['update-schema', '--schema-name', `postgresql/v12/${schema}`],
    ]) {
      await run(sqlTool, args, { env, timeout: SCHEMA_MS });
    }
  }
  if (database === undefined) throw new Error('no database was made');
  return database;
}

interface ServerTask {
  readonly binaries: ServerBinaries;
  readonly database: URL;
  readonly shards: number;
  readonly folder: string;
}

async function startServer({ binaries, database, shards, folder }: ServerTask): Promise<TemporalServer> {
  const services = ['FRONTEND', 'HISTORY', 'MATCHING', 'WORKER'];
  const ports = await freePorts(2 * services.length + 1);
  const portOf = (index: number): string => String(ports[index]);
  const address = `${HOST}:${portOf(0)}`;
  const env = {
    DB: 'postgres12',
    POSTGRES_SEEDS: database.hostname,
    DB_PORT: database.port,
    VISIBILITY_DB_PORT: database.port,
    POSTGRES_USER: database.username,
    POSTGRES_PWD: database.password,
    NUM_HISTORY_SHARDS: String(shards),
    BIND_ON_IP: HOST,
    TEMPORAL_BROADCAST_ADDRESS: HOST,
    LOG_LEVEL: 'warn',
    DYNAMIC_CONFIG_FILE_PATH: DYNAMIC_CONFIG,
    FRONTEND_HTTP_PORT: portOf(2 * services.length),
    ...Object.fromEntries(
      services.flatMap((service, index) => [
        [`${service}_GRPC_PORT`, portOf(2 * index)],
        [`${service}_MEMBERSHIP_PORT`, portOf(2 * index + 1)],
      ]),
    ),
  };
  const service = await startService({
    binary: binaries.server,
    args: ['--allow-no-auth', 'start'],
    directory: folder,
    env,
    isReady: () => serves(address),
    patienceMs: SERVING_MS,
  });
  return Object.assign(service, { address });
}

/** True if the frontend reaches the history service; its port is open before that. */
async function serves(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    await connection.withDeadline(Date.now() + 5_000, () =>
      connection.workflowService.describeNamespace({ namespace: 'temporal-system' }),
    );
    return true;
  } finally {
    await connection.close();
  }
}

import { mkdir } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { basename } from 'node:path';
import { clientOfStartingEngine } from '../temporal/connect.js';
import { NamespaceUnfit } from '../temporal/namespace.js';
import { setUpEngine } from '../temporal/set-up-namespace.js';
import { EngineDatabase } from './engine-database.js';
import { EngineError, folderFault, storageFault } from './engine-error.js';
import { openEngineLog } from './engine-log.js';
import { type EngineOptions, planEngine } from './engine-options.js';
import { type EngineProcess, startEngineProcess } from './engine-process.js';
import { engineEnvironment } from './executables.js';
import { choosePorts } from './ports.js';
import { serverSettings } from './server-settings.js';

/** An embedded engine that serves. */
export interface RunningEngine {
  /** Address of the frontend, for clients and workers: `127.0.0.1:7233`. */
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: number;
  readonly namespace: string;
  /** Ends the engine and its guard. May be called repeatedly. */
  stop(): Promise<void>;
  /** Resolves when the engine has ended, for any reason; never rejects. */
  readonly exited: EngineProcess['exited'];
}

type EnginePlan = ReturnType<typeof planEngine>;
type EnginePorts = Awaited<ReturnType<typeof choosePorts>>;
type EngineLog = ReturnType<typeof openEngineLog>;

/** End of a start whose port another process took after our look. */
const PORT_LOST = Symbol('port lost');

/** Starts with newly chosen ports, since another process may take a free port before the engine does. */
const PORT_ATTEMPTS = 5;

/** Pause between two tries to set up the namespace (20 ms each on an idle machine), until `servingMs` has passed. */
const SETUP_PAUSE_MS = 25;

/**
 * Starts an embedded engine and returns when it serves the namespace. It ends with `stop()`, and when this process ends in
 * any way, SIGKILL included; a Ctrl-C for this process does not end it. Any number of engines run side by side, but only
 * one on a database file.
 *
 * @throws EngineError `ENGINE_START_FAILED`, or the error of `onLocked`; nothing is left running then
 */
export async function startEngine(options: EngineOptions): Promise<RunningEngine> {
  const plan = planEngine(options);
  const { dbFile, cwd } = plan;
  const database = dbFile === undefined ? undefined : new EngineDatabase(dbFile);
  try {
    if (database === undefined) return await startOnFreePorts(plan);
    // The database holds movies, which are private.
    await mkdir(cwd, { recursive: true, mode: 0o700 });
    return await database.startAlone(async () => {
      await plan.onLocked?.();
      return startOnFreePorts(plan, database);
    });
  } catch (error) {
    throw folderFault(error, cwd, dbFile === undefined ? ' by TMPDIR' : ', with `up` and `dev` by --data');
  }
}

async function startOnFreePorts(plan: EnginePlan, database?: EngineDatabase): Promise<RunningEngine> {
  const log = openEngineLog(plan.logFile);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const started = await startOn(await choosePorts(plan), plan, log, database);
      if (started !== PORT_LOST) return started;
      if (attempt === PORT_ATTEMPTS) throw notServing('found no free port', plan, log);
    }
  } finally {
    log.close();
  }
}

async function startOn(
  ports: EnginePorts,
  plan: EnginePlan,
  log: EngineLog,
  database: EngineDatabase | undefined,
): Promise<RunningEngine | typeof PORT_LOST> {
  const task = {
    binary: plan.binary,
    args: startArguments(plan, ports),
    cwd: plan.cwd,
    lock: database?.lockName,
    graceMs: plan.stopGraceMs,
  };
  const start = () => startEngineProcess(task, log.fd, engineEnvironment(plan.env));
  const engine = database === undefined ? await start() : await database.startLocked(start);
  const address = hostAndPort(plan.ip, ports.port);
  try {
    const record = { pid: engine.pid, owner: process.pid, ip: plan.ip, port: ports.port, address };
    await database?.note(record);
    const outcome = await becomeReady(engine, address, plan, log);
    if (outcome === PORT_LOST) return outcome;
    await database?.confirm(engine);
  } catch (error) {
    await stopAndForget(engine, database);
    throw error;
  }
  return {
    address,
    uiUrl: `http://${hostAndPort(plan.ip, ports.uiPort)}`,
    pid: engine.pid,
    namespace: plan.namespace,
    stop: () => stopAndForget(engine, database),
    exited: engine.exited,
  };
}

/**
 * Returns the dev server's arguments. The server itself chooses free ports for metrics, HTTP and its inner services. The
 * path of the database is relative to the working directory: the dev server reads it as part of a URI, and would silently
 * use another file for a folder such as `C#` (measured).
 */
function startArguments(plan: EnginePlan, ports: EnginePorts): string[] {
  const args = ['server', 'start-dev', '--log-level', 'warn', '--ip', plan.ip];
  args.push('--port', String(ports.port), '--ui-port', String(ports.uiPort));
  if (plan.dbFile !== undefined) args.push('--db-filename', `./${basename(plan.dbFile)}`);
  args.push(...serverSettings({ onDisk: plan.dbFile !== undefined }));
  if (plan.namespace !== 'default') args.push('--namespace', plan.namespace);
  for (const [name, type] of Object.entries(plan.searchAttributes)) {
    args.push('--search-attribute', `${name}=${type}`);
  }
  return args;
}

/** Returns an address as URLs and gRPC write it. */
function hostAndPort(ip: string, port: number): string {
  return `${isIPv6(ip) ? `[${ip}]` : ip}:${String(port)}`;
}

/** Waits until the engine is ready or has ended. */
async function becomeReady(
  engine: EngineProcess,
  address: string,
  plan: EnginePlan,
  log: EngineLog,
): Promise<'ready' | typeof PORT_LOST> {
  const aborter = new AbortController();
  const ready = prepareNamespace(address, plan, aborter.signal).then(
    () => 'ready' as const,
    (error: unknown) => ({ error }),
  );
  const outcome = await Promise.race([ready, engine.exited.then((exit) => ({ exit }))]);
  aborter.abort();
  // Wait until its connection is closed.
  await ready;
  if (outcome === 'ready') return outcome;
  if ('exit' in outcome) {
    if (log.lastLines().some((line) => line.includes('address already in use'))) return PORT_LOST;
    throw notServing(`ended before it served (${howItEnded(outcome.exit)})`, plan, log);
  }
  if (outcome.error instanceof EngineError) throw outcome.error;
  throw notServing('did not become ready', plan, log, outcome.error);
}

/** Sets the namespace up as soon as the engine serves. Any step may fail while the engine starts, and is repeated. */
async function prepareNamespace(address: string, plan: EnginePlan, signal: AbortSignal): Promise<void> {
  const client = clientOfStartingEngine(address, plan.namespace, SETUP_PAUSE_MS);
  try {
    await setUpEngine(client, plan, { withinMs: plan.servingMs, pauseMs: SETUP_PAUSE_MS, signal });
  } catch (error) {
    if (!(error instanceof NamespaceUnfit)) throw error;
    throw new EngineError('ENGINE_START_FAILED', { message: error.message, next: error.next });
  } finally {
    await client.connection.close();
  }
}

async function stopAndForget(engine: EngineProcess, database: EngineDatabase | undefined): Promise<void> {
  await engine.stop();
  await database?.forget(engine.pid);
}

function howItEnded({ code, signal }: Awaited<EngineProcess['exited']>): string {
  return signal === null ? `exit code ${String(code)}` : signal;
}

function notServing(what: string, plan: EnginePlan, log: EngineLog, cause?: unknown): EngineError {
  const lines = log.lastLines();
  const fault = storageFault(lines, plan.cwd, plan.dbFile, cause);
  if (fault !== undefined) return fault;
  const quoted = lines.length === 0 ? 'It wrote nothing.' : `Its last lines:\n${lines.join('\n')}`;
  const file = plan.logFile === undefined ? 'these lines' : plan.logFile;
  return new EngineError('ENGINE_START_FAILED', {
    message: `The engine ${what}. ${quoted}`,
    next: `Look for the reason in ${file}; a database file of a newer engine, a full disk and a damaged file are the usual ones.`,
    cause,
  });
}

import { mkdir } from 'node:fs/promises';
import { awaitDatabase, confirmOwner, forgetOwner, noteOwner } from './database-owner.js';
import { EngineError } from './engine-error.js';
import { type EngineLog, openEngineLog } from './engine-log.js';
import { type EngineOptions, type EnginePlan, planEngine, startArguments } from './engine-options.js';
import { type EngineExit, type EngineProcess, startEngineProcess } from './engine-process.js';
import { engineEnvironment } from './environment.js';
import { ENGINE_LIMITS } from './limits.js';
import { setUpNamespace } from './namespace-setup.js';
import { choosePorts, type EnginePorts, hostAndPort } from './ports.js';
import { withStartLock } from './start-lock.js';

export interface RunningEngine {
  /** Of the frontend, for clients and workers: `127.0.0.1:7233`. */
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: number;
  readonly namespace: string;
  /** Ends the engine and all that belongs to it. May be called repeatedly. */
  stop(): Promise<void>;
  /** Fulfilled when the engine is gone, for whatever reason; never rejected. */
  readonly exited: Promise<EngineExit>;
}

/** The engine ended before it served because another process took a port that was free a moment ago. */
const PORT_LOST = Symbol('port lost');

/**
 * Starts an embedded engine and returns when it serves the namespace. It ends with `stop()`, and also when this
 * process ends in any way, SIGKILL included; it does not end by a Ctrl-C meant for this process. Any number of
 * engines run side by side, but only one on a database file.
 *
 * @throws EngineError `ENGINE_START_FAILED`; nothing is left running then
 */
export async function startEngine(options: EngineOptions): Promise<RunningEngine> {
  const plan = planEngine(options);
  const { dbFile } = plan;
  if (dbFile === undefined) return startOnFreePorts(plan);
  // Movies are kept there, which are nobody else's business.
  await mkdir(plan.cwd, { recursive: true, mode: 0o700 });
  return withStartLock(dbFile, async () => {
    await awaitDatabase(dbFile);
    return startOnFreePorts(plan);
  });
}

async function startOnFreePorts(plan: EnginePlan): Promise<RunningEngine> {
  const log = openEngineLog(plan.logFile);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const started = await startOn(await choosePorts(plan), plan, log);
      if (started !== PORT_LOST) return started;
      if (attempt === ENGINE_LIMITS.portAttempts) throw notServing('found no free port', plan, log);
    }
  } finally {
    log.close();
  }
}

async function startOn(
  ports: EnginePorts,
  plan: EnginePlan,
  log: EngineLog,
): Promise<RunningEngine | typeof PORT_LOST> {
  const task = {
    binary: plan.binary,
    args: startArguments(plan, ports),
    cwd: plan.cwd,
    graceMs: plan.stopGraceMs,
  };
  const engine = await startEngineProcess(task, log.fd, engineEnvironment(plan.env));
  const address = hostAndPort(plan.ip, ports.port);
  try {
    if (plan.dbFile !== undefined) {
      const record = { pid: engine.pid, owner: process.pid, ip: plan.ip, port: ports.port, address };
      await noteOwner(plan.dbFile, record);
    }
    const outcome = await becomeReady(engine, address, plan, log);
    if (outcome === PORT_LOST) return outcome;
  } catch (error) {
    await stopAndForget(engine, plan);
    throw error;
  }
  return {
    address,
    uiUrl: `http://${hostAndPort(plan.ip, ports.uiPort)}`,
    pid: engine.pid,
    namespace: plan.namespace,
    stop: () => stopAndForget(engine, plan),
    exited: engine.exited,
  };
}

/** Ready or over, whichever comes first. */
async function becomeReady(
  engine: EngineProcess,
  address: string,
  plan: EnginePlan,
  log: EngineLog,
): Promise<'ready' | typeof PORT_LOST> {
  const aborter = new AbortController();
  const ready = setUpNamespace(address, plan, aborter.signal).then(
    () => 'ready' as const,
    (error: unknown) => ({ error }),
  );
  const outcome = await Promise.race([ready, engine.exited.then((exit) => ({ exit }))]);
  aborter.abort();
  // Its connection is closed before anything else happens.
  await ready;
  if (outcome === 'ready') {
    if (plan.dbFile !== undefined) await confirmOwner(plan.dbFile, engine.pid);
    return outcome;
  }
  if ('exit' in outcome) {
    if (log.lastLines().some((line) => line.includes('address already in use'))) return PORT_LOST;
    throw notServing(`ended before it served (${howItEnded(outcome.exit)})`, plan, log);
  }
  if (outcome.error instanceof EngineError) throw outcome.error;
  throw notServing('did not become ready', plan, log, outcome.error);
}

async function stopAndForget(engine: EngineProcess, { dbFile }: EnginePlan): Promise<void> {
  await engine.stop();
  if (dbFile !== undefined) await forgetOwner(dbFile, engine.pid);
}

function howItEnded({ code, signal }: EngineExit): string {
  return signal === null ? `exit code ${String(code)}` : signal;
}

function notServing(what: string, plan: EnginePlan, log: EngineLog, cause?: unknown): EngineError {
  const lines = log.lastLines();
  const quoted = lines.length === 0 ? 'It wrote nothing.' : `Its last lines:\n${lines.join('\n')}`;
  const file = plan.logFile === undefined ? 'these lines' : plan.logFile;
  return new EngineError('ENGINE_START_FAILED', {
    message: `The engine ${what}. ${quoted}`,
    next: `Look for the reason in ${file}; a database file of a newer engine, a full disk and a damaged file are the usual ones.`,
    cause,
  });
}

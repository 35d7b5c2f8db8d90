import { tmpdir } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { EngineError } from './engine-error.js';
import type { Environment } from './environment.js';
import type { EnginePorts } from './ports.js';
import { ENGINE_LIMITS } from './limits.js';

export interface EngineOptions {
  /** Path of Temporal's CLI, as `findEngine` gives it. */
  readonly binary: string;
  /** Where everything is kept; its folder is made. Without it all is lost when the engine ends. */
  readonly dbFile?: string | undefined;
  /** Undefined or 0: any free port. */
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
  /** Default 127.0.0.1. The dev server has no access control: another address opens it to whoever reaches it. */
  readonly ip?: string | undefined;
  /** Made if it is not there. Default `default`. */
  readonly namespace?: string | undefined;
  /** How long closed workflows, and so their keys, are remembered. */
  readonly retentionDays: number;
  /** Registered where missing, also in a file that was made without them. */
  readonly searchAttributes: Readonly<Record<string, 'Keyword'>>;
  /** Takes the engine's output. Without it the output is kept only for the text of an error. */
  readonly logFile?: string | undefined;
  /** Between SIGTERM and SIGKILL, default 8 s. 0 kills at once: for tests, with a database file also safe. */
  readonly stopGraceMs?: number | undefined;
  /** How long it may take to serve, default 60 s. */
  readonly servingMs?: number | undefined;
  readonly env: Environment;
}

/** The options with their defaults, all paths absolute. */
export interface EnginePlan extends EngineOptions {
  readonly ip: string;
  readonly namespace: string;
  readonly cwd: string;
  readonly stopGraceMs: number;
  readonly servingMs: number;
}

/** @throws EngineError `ENGINE_START_FAILED` for options with which no engine can be started */
export function planEngine(options: EngineOptions): EnginePlan {
  if (!Number.isInteger(options.retentionDays) || options.retentionDays < 1) {
    throw unusable('The retention must be a whole number of days, at least 1.', 'Give another retention.');
  }
  for (const port of [options.port ?? 0, options.uiPort ?? 0]) {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw unusable(
        `There is no port ${String(port)}.`,
        'Give a port from 1 to 65535, or 0 for any free one.',
      );
    }
  }
  const dbFile = options.dbFile === undefined ? undefined : resolve(options.dbFile);
  if (dbFile !== undefined && /[?#%]/.test(basename(dbFile))) {
    const message = `The engine's database file ${dbFile} has a ?, # or % in its name, which the engine misreads.`;
    throw unusable(message, 'Give the file another name.');
  }
  return {
    ...options,
    binary: resolve(options.binary),
    dbFile,
    logFile: options.logFile === undefined ? undefined : resolve(options.logFile),
    ip: options.ip ?? '127.0.0.1',
    namespace: options.namespace ?? 'default',
    stopGraceMs: options.stopGraceMs ?? ENGINE_LIMITS.stopGraceMs,
    servingMs: options.servingMs ?? ENGINE_LIMITS.servingMs,
    cwd: dbFile === undefined ? tmpdir() : dirname(dbFile),
  };
}

/**
 * The dev server's arguments. It chooses its other ports (metrics, HTTP, its inner services) itself, free ones on
 * the same address. The database is named relative to the working directory: the dev server takes the name for part
 * of a URI and would silently use another file for a folder such as `C#` (measured).
 */
export function startArguments(plan: EnginePlan, ports: EnginePorts): string[] {
  const args = ['server', 'start-dev', '--log-level', 'warn', '--ip', plan.ip];
  args.push('--port', String(ports.port), '--ui-port', String(ports.uiPort));
  if (plan.dbFile !== undefined) args.push('--db-filename', `./${basename(plan.dbFile)}`);
  if (plan.namespace !== 'default') args.push('--namespace', plan.namespace);
  for (const [name, type] of Object.entries(plan.searchAttributes)) {
    args.push('--search-attribute', `${name}=${type}`);
  }
  return args;
}

function unusable(message: string, next: string): EngineError {
  return new EngineError('ENGINE_START_FAILED', { message, next });
}

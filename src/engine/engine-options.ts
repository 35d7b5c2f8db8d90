import { tmpdir } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { EngineError } from './engine-error.js';
import type { Environment } from './executables.js';
import { ENGINE_LIMITS } from './limits.js';

export interface EngineOptions {
  /** Path of Temporal's CLI, as `findEngine` gives it. */
  readonly binary: string;
  /** Database file; its folder is made. Without it the engine keeps nothing beyond its end. */
  readonly dbFile?: string | undefined;
  /** Undefined or 0: any free port. */
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
  /** Default 127.0.0.1. The dev server has no access control: with another address everybody who reaches it may use it. */
  readonly ip?: string | undefined;
  /** Made if it is not there. Default `default`. */
  readonly namespace?: string | undefined;
  /** Days for which the engine remembers closed workflows, and so their keys. */
  readonly retentionDays: number;
  /** Registered if they are missing, also in a file that was made without them. */
  readonly searchAttributes: Readonly<Record<string, 'Keyword' | 'Int'>>;
  /** File for the engine's output. Without it the output only serves the text of an error. */
  readonly logFile?: string | undefined;
  /** Time between SIGTERM and SIGKILL, default 8 s. 0 kills at once, for tests; it is safe with a database file. */
  readonly stopGraceMs?: number | undefined;
  /** Called when the database is this start's own, before the engine runs. If it throws, the start fails with that. */
  readonly onLocked?: (() => Promise<void>) | undefined;
  /** Time in which the engine must serve, default 60 s. */
  readonly servingMs?: number | undefined;
  readonly env: Environment;
}

/** The options with their defaults, all paths absolute. */
interface EnginePlan extends EngineOptions {
  readonly ip: string;
  readonly namespace: string;
  readonly cwd: string;
  readonly stopGraceMs: number;
  readonly servingMs: number;
}

/**
 * Checks the options and adds the defaults.
 *
 * @throws EngineError `ENGINE_START_FAILED` if no engine can start with them
 */
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

function unusable(message: string, next: string): EngineError {
  return new EngineError('ENGINE_START_FAILED', { message, next });
}

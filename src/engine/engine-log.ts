import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ENGINE_LIMITS } from './limits.js';

export interface EngineLog {
  readonly fd: number;
  /** The last lines written since it was opened, for an error's text. */
  lastLines(): string[];
  /** Closes our end; the engine keeps its own. */
  close(): void;
}

/**
 * Opens the file that takes the engine's output. Without a path it is a file without a name, which the system drops
 * with its last user: a pipe to us instead would break when we are killed.
 */
export function openEngineLog(path: string | undefined): EngineLog {
  const fd = path === undefined ? openNameless() : openAppending(path);
  const start = fstatSync(fd).size;
  return {
    fd,
    lastLines: () => readLastLines(fd, start),
    close: () => closeSync(fd),
  };
}

function openNameless(): number {
  const path = join(tmpdir(), `renderonce-engine-${randomUUID()}.log`);
  const fd = openSync(path, 'ax+', 0o600);
  rmSync(path, { force: true });
  return fd;
}

function openAppending(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ENGINE_LIMITS.logBytes) renameSync(path, `${path}.old`);
  return openSync(path, 'a+', 0o600);
}

function readLastLines(fd: number, start: number): string[] {
  const end = fstatSync(fd).size;
  const from = Math.max(start, end - ENGINE_LIMITS.logTailBytes);
  const bytes = Buffer.alloc(Math.max(0, end - from));
  const count = readSync(fd, bytes, 0, bytes.length, from);
  const lines = bytes.toString('utf8', 0, count).split('\n');
  return lines
    .map((line) => line.trim().slice(0, ENGINE_LIMITS.logLineChars))
    .filter((line) => line !== '')
    .slice(-ENGINE_LIMITS.logTailLines);
}

import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Limits of the log and of its end, which an error quotes. */
const LOG = {
  /** Size beyond which the log starts anew; the old one is kept once. */
  bytes: 5 * 1024 * 1024,
  /** A Go program's panic, with the stacks of its routines, is in it whole. */
  tailBytes: 64 * 1024,
  tailLines: 10,
  lineCharacters: 300,
} as const;

/** Open log of an engine. */
interface EngineLog {
  readonly fd: number;
  /** Returns the last lines since it was opened, for the text of an error. */
  lastLines(): string[];
  /** Closes our descriptor; the engine keeps its own. */
  close(): void;
}

/**
 * Opens a file for the engine's output. Without a path the file has no name, and the system removes it with its last user;
 * a pipe to this process would break if it is killed.
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
  if (size > LOG.bytes) renameSync(path, `${path}.old`);
  return openSync(path, 'a+', 0o600);
}

function readLastLines(fd: number, start: number): string[] {
  const end = fstatSync(fd).size;
  const from = Math.max(start, end - LOG.tailBytes);
  const bytes = Buffer.alloc(Math.max(0, end - from));
  const count = readSync(fd, bytes, 0, bytes.length, from);
  const lines = bytes.toString('utf8', 0, count).split('\n');
  return beforeStacks(lines.map((line) => line.trim().slice(0, LOG.lineCharacters)))
    .filter((line) => line !== '')
    .slice(-LOG.tailLines);
}

/** A Go program that panics says why, and then prints the stacks of its routines. */
function beforeStacks(lines: readonly string[]): readonly string[] {
  const why = lines.findIndex((line) => /^(panic|fatal error): /.test(line));
  const stacks = lines.findIndex((line, index) => index > why && /^goroutine \d+ /.test(line));
  return why === -1 || stacks === -1 ? lines : lines.slice(0, stacks);
}

import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { join, relative, resolve } from 'node:path';

import { OptionInvalid } from '../invalid.js';

/** Tries to take the lock: one for the lock of a killed server, one more for a race with another start. */
const ATTEMPTS = 3;

/**
 * Takes a folder for this server alone. The lock is a local socket, because the system frees it when its process ends,
 * in whatever way; a process ID in a file would mean nothing in another container. A file system that cannot hold a
 * socket has no lock.
 *
 * @returns the function that frees it
 * @throws OptionInvalid if another server has the folder
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = lockPath(folder);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const lock = createServer((socket) => socket.destroy());
    const fault = await listenFault(lock, path);
    if (fault === undefined) {
      lock.unref();
      return () => new Promise((done) => lock.close(() => done()));
    }
    if (fault !== 'EADDRINUSE') return async () => undefined;
    if (await isAnswered(path)) break;
    rmSync(path, { force: true });
  }
  throw new OptionInvalid(`Another server uses ${folder}: stop it, or name another folder.`);
}

/** Returns the shorter of two paths, because the path of a socket has about 100 bytes at most. */
function lockPath(folder: string): string {
  const whole = resolve(folder, 'lock');
  if (process.platform === 'win32') {
    return `\\\\.\\pipe\\json2video-local-${createHash('sha256').update(whole).digest('hex')}`;
  }
  const short = join(relative('', folder), 'lock');
  return short.length < whole.length ? short : whole;
}

/** Returns the error's code; undefined if it listens. */
function listenFault(server: Server, path: string): Promise<string | undefined> {
  return new Promise((done) => {
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'unknown'));
    server.listen(path, () => done(undefined));
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/**
 * Program of the guard, a small process between the owner and the engine. It is the engine's parent, so it learns of the
 * engine's end without polling and never hits a recycled process ID. It exists before the engine, so a killed owner never
 * leaves an engine behind.
 *
 * An IPC channel connects it to the owner; the system closes it when the owner ends in any way, SIGKILL included. Then, or
 * on a message of the owner, the guard ends the engine. Guard and engine lead sessions of their own: a Ctrl-C goes to the
 * whole process group of the terminal, and the engine must outlive the owner's orderly shutdown.
 *
 * The guard holds the lock of the database: a Unix socket in its folder. The engine inherits the socket, so the lock lives
 * exactly as long as one of the two, and a refused connection means that both have ended. This needs no process ID, which
 * differs between containers. The path is relative, because the path of a socket has at most 104 bytes.
 *
 * The program is text for `node -e`, so it starts alike from compiled code, from sources under a test runner, and from a
 * bundle, which has no file for it.
 */
export const GUARD_SCRIPT = `
'use strict';
process.title = 'renderonce-engine-guard';
const { spawn } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');
const { binary, args, cwd, graceMs, lock } = JSON.parse(process.argv[1]);
const tell = (event, then = () => {}) => (process.connected ? process.send(event, then) : then());
let stopping = false;
let stop = () => process.exit(0);

// Calls back with the socket that holds the lock, or with nothing if the file system has no sockets.
const takeLock = (taken) => {
  if (lock === undefined) return taken();
  const probe = net.connect(lock);
  probe.on('connect', () => tell({ locked: true }, () => process.exit(1)));
  probe.on('error', ({ code }) => {
    // Nobody accepts if only the engine is left; then connections wait until the queue is full.
    if (code === 'EAGAIN') return tell({ locked: true }, () => process.exit(1));
    const draft = lock + '.' + randomBytes(4).toString('hex');
    const server = net.createServer((connection) => connection.destroy());
    server.on('error', () => taken());
    // A rename is one step: nobody meets a lock that is bound and does not listen yet.
    server.listen({ path: draft, readableAll: true, writableAll: true }, () => {
      fs.renameSync(draft, lock);
      taken(server);
    });
  });
};

takeLock((socket) => {
  const inode = socket && fs.lstatSync(lock).ino;
  // Node has no public name for a server's descriptor. Without one the lock lives as long as the guard.
  const descriptor = socket?._handle?.fd;
  const stdio = ['ignore', 'inherit', 'inherit', ...(descriptor > 2 ? [descriptor] : [])];
  const engine = spawn(binary, args, { cwd, detached: true, stdio });
  stop = () => {
    if (stopping) return;
    stopping = true;
    engine.kill('SIGTERM');
    setTimeout(() => engine.kill('SIGKILL'), graceMs);
  };
  const end = (status) => {
    const isOurs = socket && fs.lstatSync(lock, { throwIfNoEntry: false })?.ino === inode;
    if (isOurs) fs.rmSync(lock, { force: true });
    process.exit(status);
  };
  engine.on('spawn', () => tell({ started: engine.pid, lock: inode }));
  engine.on('error', (error) => {
    if (engine.pid === undefined) tell({ refused: String(error.code) }, () => end(1));
  });
  engine.on('exit', (code, signal) => tell({ code, signal }, () => end(0)));
});
process.on('disconnect', () => stop());
process.on('message', () => stop());
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => stop());
`;

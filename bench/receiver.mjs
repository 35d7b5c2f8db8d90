/**
 * Do 500 stalled connections keep healthy deliveries waiting? A receiver as a process, on a real engine, takes
 * deliveries at a fixed rate, each on a connection of its own, in phases by turns without and with 500 connections
 * that are opened, send a part of a request, and then nothing; what is cut off comes back at once. Needs `dist`;
 * `--quick` takes 20 seconds. Exit code 1: a healthy delivery was not acknowledged.
 *
 *   node bench/receiver.mjs [--quick]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Client, Connection } from '@temporalio/client';
import { request } from 'undici';
import { findEngine, startEngine } from '../build/engine/index.js';
import { Renders } from '../dist/index.js';
import { signToken } from '../dist/receiver/index.js';
import { SEARCH_ATTRIBUTES } from '../build/workflows/messages.js';

const PHASE_SECONDS = process.argv.includes('--quick') ? 5 : 30;
const PHASES = [0, 500, 0, 500];
const RATE = 20;
const KEYS = 100;
const SECRET = 'a-secret-of-the-bench-that-is-long-enough';
const MOVIE = { scenes: [{ duration: 5, elements: [{ type: 'text', text: 'Hello', style: '001' }] }] };

const say = (line) => process.stdout.write(`${line}\n`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The receiver's command in a process of its own, which ends with this one. */
async function startReceiver(engineAddress) {
  const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  const settings = { RENDERONCE_WEBHOOK_SECRET: SECRET, RENDERONCE_LOG_LEVEL: 'error' };
  const env = { ...process.env, TEMPORAL_ADDRESS: engineAddress, ...settings };
  const child = spawn(process.execPath, [main, 'receiver', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env,
  });
  const line = await new Promise((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  return { child, url: JSON.parse(line).url };
}

/** Renders that no worker takes up: each is there, and holds what it is told. */
async function openPaths(client) {
  const renders = new Renders({ client });
  const later = new Date(Date.now() + 3_600_000);
  const paths = [];
  for (let index = 0; index < KEYS; index += 1) {
    await renders.start(`bench-${index}`, MOVIE);
    paths.push(`/json2video/${signToken(`bench-${index}`, later, [SECRET])}`);
  }
  return paths;
}

/** What the stalled ones send before they fall silent. Half of them hold a good token. */
const beginnings = (path) => [
  '',
  'POST /json2video/',
  `POST ${path} HTTP/1.1\r\nHost: receiver\r\nContent-Length: 60000\r\n\r\n{"proj`,
  `POST ${path} HTTP/1.1\r\nHost: receiver\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"proj`,
];

/** Keeps so many connections open until `stop`, whatever is cut off. */
function stall(url, path, count) {
  const { hostname, port } = new URL(url);
  const sockets = new Set();
  const seen = { cut: 0 };
  let isStopping = false;
  const hold = (kind) => {
    const socket = connect(Number(port), hostname);
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(beginnings(path)[kind % 4]);
    socket.once('close', () => {
      sockets.delete(socket);
      if (isStopping) return;
      seen.cut += 1;
      hold(kind);
    });
  };
  for (let kind = 0; kind < count; kind += 1) hold(kind);
  return {
    seen,
    open: () => sockets.size,
    stop: () => {
      isStopping = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

let serial = 0;

/** Healthy deliveries at the wanted rate, whatever the answers take. */
async function deliver(url, paths) {
  const seen = { statuses: {}, latenciesMs: [] };
  const send = async () => {
    serial += 1;
    const startedMs = performance.now();
    const body = JSON.stringify({ project: 'JkGxEoPRF9EgRb32', status: `bench-${serial}` });
    let status = 'no answer';
    try {
      const { statusCode, body: reply } = await request(`${url}${paths[serial % paths.length]}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        reset: true,
      });
      await reply.dump();
      status = statusCode;
    } catch {
      // Counted as it is.
    }
    seen.statuses[status] = (seen.statuses[status] ?? 0) + 1;
    seen.latenciesMs.push(performance.now() - startedMs);
  };
  const sends = [];
  const startedMs = performance.now();
  while (performance.now() - startedMs < PHASE_SECONDS * 1_000) {
    const due = Math.floor(((performance.now() - startedMs) / 1_000) * RATE);
    while (sends.length < due) sends.push(send());
    await pause(5);
  }
  await Promise.all(sends);
  return seen;
}

const percentile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;

const folder = mkdtempSync(join(tmpdir(), 'bench-receiver-'));
const { path: binary } = await findEngine({ env: process.env });
const engine = await startEngine({
  binary,
  dbFile: join(folder, 'temporal.db'),
  retentionDays: 1,
  searchAttributes: SEARCH_ATTRIBUTES,
  env: process.env,
});
const connection = await Connection.connect({ address: engine.address });
const { child, url } = await startReceiver(engine.address);
try {
  const paths = await openPaths(new Client({ connection }));
  say(`machine: ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`);
  let isHealthy = true;
  for (const count of PHASES) {
    const stalled = stall(url, paths[0], count);
    await pause(1_000);
    const { statuses, latenciesMs } = await deliver(url, paths);
    const open = stalled.open();
    stalled.stop();
    isHealthy &&= Object.keys(statuses).every((status) => status === '200');
    const [median, most, max] = [0.5, 0.99, 0.9999].map((share) => percentile(latenciesMs, share).toFixed(1));
    say(
      `${count} stalled (${open} open at the end, ${stalled.seen.cut} cut off): ${latenciesMs.length} deliveries, ` +
        `${JSON.stringify(statuses)}; median ${median} ms, 99 % ${most} ms, longest ${max} ms; load ${loadavg()[0]?.toFixed(1)}`,
    );
  }
  process.exitCode = isHealthy ? 0 : 1;
} finally {
  child.kill('SIGTERM');
  await connection.close();
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
}

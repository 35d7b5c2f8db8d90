/**
 * Is the local JSON2Video ever the bottleneck of a proof? It is asked 2,000 times a second, on one core, for five
 * minutes, and must keep up with flat memory. Needs `dist`; `--quick` takes 30 seconds, and allows for a heap that
 * is still growing into its size. Exit code 1: it did not keep up.
 *
 *   node bench/fake.mjs [--quick]
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Pool } from 'undici';

const isQuick = process.argv.includes('--quick');
const RATE = 2_000;
const SECONDS = isQuick ? 30 : 300;
/** Before that, caches and the heap are still growing into their sizes. */
const WARM_UP_SECONDS = isQuick ? 15 : 120;
const MOST_GROWTH = isQuick ? 0.25 : 0.05;
const TICK_MS = 5;
const CONNECTIONS = 100;
/** Of ten requests: one submission (with a webhook), eight polls of a recent movie, one page of the list. */
const MIX = [
  'create',
  'status',
  'status',
  'status',
  'list',
  'status',
  'status',
  'status',
  'status',
  'status',
];

const say = (line) => process.stdout.write(`${line}\n`);
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** The fake as a process of its own, on the first core. */
async function startFake(folder) {
  const config = join(folder, 'fake.json');
  // Movies are forgotten beyond this many, so that memory can be flat at all.
  writeFileSync(config, JSON.stringify({ maxMovies: 5_000, cache: false, credits: 1e12 }));
  const command = [
    process.execPath,
    main,
    'fake',
    '--port',
    '0',
    '--time-scale',
    '5',
    '--config',
    config,
    '--json',
  ];
  const [file, ...args] = canPin ? ['taskset', '-c', '0', ...command] : command;
  // The channel is what ends it with this process, in whatever way that ends.
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const line = await new Promise((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  return { child, url: JSON.parse(line).url };
}

/** Resident memory in MB and processor time in seconds of a process. */
function usageOf(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  // utime and stime, in ticks of 10 ms.
  return { megabytes: Number(kilobytes) / 1024, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100 };
}

async function startReceiver() {
  let received = 0;
  const server = createServer((request, response) => {
    received += 1;
    request.resume();
    response.end();
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    received: () => received,
    close: () => server.close(),
  };
}

/** Sends the mix and notes how long each took, and what went wrong. */
function createLoad(pool, webhook) {
  const headers = { 'x-api-key': 'local-key', 'content-type': 'application/json' };
  const recent = [];
  const seen = { sent: 0, answered: 0, failed: 0, accepted: 0, latenciesMs: [] };
  const movieOf = (number) =>
    JSON.stringify({
      resolution: 'full-hd',
      scenes: [{ duration: 5, elements: [{ type: 'text', text: `Order ${number}`, style: '001' }] }],
      'client-data': {
        renderonce: { key: `order-${number}`, fingerprint: 'f'.repeat(64), namespace: 'default' },
      },
      exports: [{ destinations: [{ type: 'webhook', endpoint: webhook }] }],
    });
  const requestOf = (kind, number) => {
    if (kind === 'create') return { method: 'POST', path: '/v2/movies', body: movieOf(number) };
    if (kind === 'list' || recent.length === 0) return { method: 'GET', path: '/v2/movies?limit=20' };
    return { method: 'GET', path: `/v2/movies?project=${recent[number % recent.length]}&format=simple` };
  };
  const send = async () => {
    seen.sent += 1;
    const kind = MIX[seen.sent % MIX.length];
    const startedMs = performance.now();
    try {
      const { statusCode, body } = await pool.request({ ...requestOf(kind, seen.sent), headers });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(String(statusCode));
      seen.answered += 1;
      seen.latenciesMs.push(performance.now() - startedMs);
      if (kind !== 'create') return;
      seen.accepted += 1;
      recent.push(JSON.parse(text).project);
      if (recent.length > 500) recent.shift();
    } catch {
      seen.failed += 1;
    }
  };
  return { seen, send };
}

const percentile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;

/** Sends at the wanted rate, whatever the answers take. */
async function drive(load, pid) {
  const startedMs = performance.now();
  const cpuAtStart = usageOf(pid).cpuSeconds;
  const memory = [];
  let nextSecond = 1;
  for (;;) {
    const elapsedMs = performance.now() - startedMs;
    if (elapsedMs >= SECONDS * 1000) break;
    const due = Math.floor((elapsedMs / 1000) * RATE);
    while (load.seen.sent < due) void load.send();
    if (elapsedMs >= nextSecond * 1000) {
      memory.push(usageOf(pid).megabytes);
      if (nextSecond % 30 === 0)
        say(`${nextSecond} s: ${load.seen.answered} answered, ${memory.at(-1).toFixed(0)} MB`);
      nextSecond += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const seconds = (performance.now() - startedMs) / 1000;
  return { seconds, memory, cpu: (usageOf(pid).cpuSeconds - cpuAtStart) / seconds };
}

const folder = mkdtempSync(join(tmpdir(), 'bench-fake-'));
const { child, url } = await startFake(folder);
if (canPin) spawnSync('taskset', ['-cp', '1', String(process.pid)]);
const receiver = await startReceiver();
const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
try {
  const load = createLoad(pool, receiver.url);
  const { seconds, memory, cpu } = await drive(load, child.pid);
  const { seen } = load;
  const warm = memory.slice(WARM_UP_SECONDS);
  const half = Math.floor(warm.length / 2);
  const [before, after] = [mean(warm.slice(0, half)), mean(warm.slice(half))];
  const growth = after / before - 1;
  const rate = seen.answered / seconds;
  say(`machine: ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`);
  say(
    `rate: ${rate.toFixed(0)} of ${RATE} requests a second for ${seconds.toFixed(0)} s; ${seen.failed} failed`,
  );
  say(`movies accepted: ${seen.accepted}; callbacks received: ${receiver.received()}`);
  say(
    `latency: median ${percentile(seen.latenciesMs, 0.5).toFixed(1)} ms, 99 % ${percentile(seen.latenciesMs, 0.99).toFixed(1)} ms`,
  );
  say(`processor: ${(cpu * 100).toFixed(0)} % of one core`);
  say(
    `memory after warm-up: ${before.toFixed(0)} MB, then ${after.toFixed(0)} MB (${(growth * 100).toFixed(1)} %), at most ${Math.max(...memory).toFixed(0)} MB`,
  );
  const keptUp = rate >= RATE * 0.99 && seen.failed === 0 && growth <= MOST_GROWTH;
  say(keptUp ? 'kept up' : 'did not keep up');
  process.exitCode = keptUp ? 0 : 1;
} finally {
  await pool.destroy();
  receiver.close();
  child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

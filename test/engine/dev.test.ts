import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Renders } from '../../src/starter.js';
import { type Part, partOf } from '../support/family.js';
import { expectNoProcessLeft, runCommand, type Running, startCommand } from '../support/processes.js';
import { ledgerAt } from '../support/local-provider.js';
import { CARD, freshKey } from '../support/stage.js';

expectNoProcessLeft();

/** A proxy that answers nothing, for all addresses. */
const PROXY = {
  ...Object.fromEntries(
    ['http_proxy', 'https_proxy', 'grpc_proxy'].map((name) => [name, 'http://127.0.0.1:1']),
  ),
  HTTP_PROXY: 'http://127.0.0.1:1',
  HTTPS_PROXY: 'http://127.0.0.1:1',
  no_proxy: undefined,
  NO_PROXY: undefined,
  no_grpc_proxy: undefined,
};

let folder: string;
let dev: Running;
let connection: Connection;
let renders: Renders;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderonce-dev-'));
  dev = await startCommand(['dev', '--port', '0', '--dir', folder, '--time-scale', '20'], PROXY);
  connection = await Connection.connect({ address: String(dev.said['temporalAddress']) });
  renders = new Renders({ client: new Client({ connection }) });
});
afterAll(async () => {
  await connection.close();
  await dev.stop();
  await rm(folder, { recursive: true, force: true });
});

const partOfDev = (part: Part): number | undefined => partOf(dev.pid, part);

async function killed(part: Part, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const before = partOfDev(part);
  if (before === undefined) throw new Error(`dev runs no ${part}`);
  process.kill(before, signal);
  const isReplaced = (): boolean => ![before, undefined].includes(partOfDev(part));
  await expect.poll(isReplaced, { timeout: 30_000 }).toBe(true);
}

test('dev, its worker and commands do not ask a proxy of the environment for what is on this machine', async () => {
  const env = { TEMPORAL_ADDRESS: String(dev.said['temporalAddress']), ...PROXY };
  const movie = join(folder, 'movie.json');
  await writeFile(movie, JSON.stringify(CARD));
  const ran = await runCommand(['submit', freshKey('no-proxy'), movie, '--wait', '--json'], env);
  expect(JSON.parse(ran.stdout)).toMatchObject({ status: 'done' });
});

test('dev replaces a worker and a server that end, by whatever signal and however often; renders go on', async () => {
  const key = freshKey('dev-parts');
  await renders.submitOnce(key, CARD);
  await killed('worker');
  await killed('worker', 'SIGTERM');
  await killed('server');
  expect(await renders.result(key)).toMatchObject({ status: 'done', key });
});

test('dev replaces its local JSON2Video, at the same address and with all movies', async () => {
  const key = freshKey('dev-provider');
  await renders.submitOnce(key, CARD);
  await killed('provider');
  expect(await renders.result(key)).toMatchObject({ status: 'done', key });
  // The render may have ended before the kill, and the replacement may not listen yet.
  const ledger = async (): Promise<unknown> => {
    const { movies } = await ledgerAt(String(dev.said['json2videoUrl']));
    return movies.filter((movie) => movie.key === key);
  };
  await expect.poll(ledger, { timeout: 30_000 }).toMatchObject([{ status: 'done' }]);
  // A check that was under way when the provider died may be repeated after its 40 s.
}, 120_000);

test('dev replaces its engine, at the same address and with all renders', async () => {
  const key = freshKey('dev-engine');
  await renders.submitOnce(key, CARD);
  await killed('engine');
  const env = { TEMPORAL_ADDRESS: String(dev.said['temporalAddress']) };
  const result = async (): Promise<string> => (await runCommand(['result', key, '--json'], env)).stdout;
  // A check that was under way when its engine died is repeated after its 40 s.
  await expect.poll(result, { timeout: 100_000 }).toContain('"status":"done"');
}, 120_000);

test('a worker lost while the engine does not answer is replaced, also after replacements that failed', async () => {
  const engine = partOfDev('engine') ?? 0;
  process.kill(engine, 'SIGSTOP');
  const worker = partOfDev('worker') ?? 0;
  process.kill(worker, 'SIGKILL');
  const seen = new Set([undefined, worker]);
  // A replacement that cannot reach the engine ends after some seconds, so the second one shows that the first failed.
  await expect.poll(() => seen.add(partOfDev('worker')).size, { timeout: 40_000 }).toBeGreaterThan(3);
  process.kill(engine, 'SIGCONT');
  expect(await renders.render(freshKey('dev-worker'), CARD)).toMatchObject({ status: 'done' });
});

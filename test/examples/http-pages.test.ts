import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken } from '../../src/http/tokens.js';
import { MAIN } from '../support/compiled.js';
import { faultsOf, type Hands } from '../support/guide/reader.js';
import { lastingPort } from '../support/lasting-port.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { openStage, type Stage } from '../support/stage.js';
import { isInstalled } from './other-languages.js';

expectNoProcessLeft();

const DOCS = new URL('../../docs/', import.meta.url);

let stage: Stage;
let folder: string;
/** Variables of the reader's commands: those of this machine, of the stage, and the server's address with a token. */
let env: Record<string, string | undefined>;

beforeAll(async () => {
  [stage, folder] = await Promise.all([
    openStage({ engine: 'memory', provider: { renderSeconds: 3 } }),
    mkdtemp(join(tmpdir(), 'renderonce-http-pages-')),
  ]);
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const command = join(bin, 'renderonce');
  await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" ${MAIN} "$@"\n`);
  await chmod(command, 0o755);
  const { token, line } = createToken('shop', '', 'submit+read');
  const [server] = await Promise.all([stage.startServer({ RENDERONCE_TOKENS: line }), stage.hostWorker()]);
  env = {
    ...process.env,
    ...stage.env,
    PATH: `${bin}:${process.env['PATH']}`,
    RENDERONCE_LOG_LEVEL: 'error',
    RENDERONCE_URL: String(server.said['url']),
    RENDERONCE_TOKEN: token,
  };
}, 120_000);
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** Does what a page says, and returns the places where it is not as the page says. */
async function faultsIn(name: string, hands: Partial<Hands> = {}): Promise<string[]> {
  const page = await readFile(new URL(name, DOCS), 'utf8');
  return faultsOf(page, { folder, ...hands, env: { ...env, ...hands.env } });
}

/** The movies that the provider has accepted under the key of a page. */
const paid = async (key: string): Promise<number> => (await stage.fake.movies(key)).length;

test('everything is as http-api.md says, and its requests are paid once', async () => {
  const [port, other] = await Promise.all([lastingPort(), lastingPort()]);
  const faults = await faultsIn('http-api.md', {
    env: { RENDERONCE_LISTEN: `127.0.0.1:${port}` },
    instead: { '8080': String(port), '8082': String(other) },
  });
  expect(faults).toEqual([]);
  expect(await paid('order-12345-thumbnail')).toBe(1);
}, 120_000);

test('the call of the README gives a project, and again the same one', async () => {
  const readme = await readFile(new URL('../README.md', DOCS), 'utf8');
  const [block = ''] = /^```sh\ncurl [^]*?^```\n/m.exec(readme) ?? [];
  const started =
    '```text\n{"key":"order-12345-thumbnail",…"project":"CnXTmBVxs7Xk6gMu",…"replayed":false}\n```\n';
  const page = block + started + block + started.replace('false', 'true');
  const server = await stage.startServer();
  const instead = {
    'http://127.0.0.1:8080': String(server.said['url']),
    'order-12345': 'order-of-the-readme',
  };
  expect(await faultsOf(page, { folder, env: { ...env }, instead })).toEqual([]);
  expect(await paid('order-of-the-readme-thumbnail')).toBe(1);
});

test.each([
  ['http/curl.md', 'order-1001-thumbnail'],
  ['http/python.md', 'order-1002-thumbnail'],
  ['http/n8n.md', 'order-1005-thumbnail'],
  ['http/make.md', 'order-1006-thumbnail'],
  ['http/zapier.md', 'order-1007-thumbnail'],
])(
  'everything is as %s says, and its requests are paid once',
  async (page, key) => {
    expect(await faultsIn(page)).toEqual([]);
    expect(await paid(key)).toBe(1);
  },
  120_000,
);

const [hasGo, hasPhp] = await Promise.all([
  isInstalled('go', 'version'),
  isInstalled('php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);'),
]);

test.skipIf(!hasGo)(
  'everything is as http/go.md says, and its requests are paid once',
  async () => {
    expect(await faultsIn('http/go.md')).toEqual([]);
    expect(await paid('order-1004-thumbnail')).toBe(1);
  },
  300_000,
);

// The whole check installs PHP, and fails without it.
test.skipIf(!hasPhp && process.env['CI'] === undefined)(
  'everything is as http/php.md says, and its requests are paid once',
  async () => {
    expect(await faultsIn('http/php.md')).toEqual([]);
    expect(await paid('order-1003-thumbnail')).toBe(1);
  },
  120_000,
);

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentOf, expectNoProcessLeft, type Running } from '../support/processes.js';
import { runProgram } from '../support/run-program.js';
import type { Stage } from '../support/stage.js';
import { openDropInStage, TOKENS } from './drop-in-stage.js';

expectNoProcessLeft();

const PACKAGES = ['json2video==2.0.0', 'requests==2.32.3', 'urllib3==2.2.3', 'idna==3.10'];
const MORE = ['certifi==2024.8.30', 'charset-normalizer==3.4.0'];
const PAGE = new URL('../../docs/drop-in.md', import.meta.url);

/** The first block of the page below a heading. */
async function blockBelow(heading: string): Promise<string> {
  const [, below = ''] = (await readFile(PAGE, 'utf8')).split(`\n## ${heading}\n`);
  const [, block = ''] = /```\w+\n(.*?)```/s.exec(below) ?? [];
  return block;
}

let stage: Stage;
let server: Running;
let base: string;
let folder: string;
let python: string;
beforeAll(async () => {
  stage = await openDropInStage({ provider: { renderSeconds: 1 } });
  [server, folder] = await Promise.all([
    stage.startServer(),
    mkdtemp(join(tmpdir(), 'renderonce-drop-in-')),
    stage.hostWorker(),
  ]);
  base = String(server.said['url']);
  python = join(folder, 'bin', 'python');
  await mustRun('python3', ['-m', 'venv', folder]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
  await mustRun(python, [...pip, ...PACKAGES, ...MORE]);
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a client to its end, with the address and the token that the page names. */
async function mustRun(program: string, args: readonly string[]): Promise<string> {
  const env = environmentOf({ NO_PROXY: '*' });
  const { code, stdout, stderr } = await runProgram(program, args, {
    env: { ...env, RENDERONCE_URL: base, RENDERONCE_TOKEN: TOKENS.shop },
  });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** Runs a program of the page, with another line at its end. */
async function runPython(heading: string, more = ''): Promise<string> {
  const file = join(folder, 'client.py');
  await writeFile(file, `${await blockBelow(heading)}${more}\n`);
  return mustRun(python, [file]);
}

const projectIn = (text: string): string | undefined => /project['"]: ?['"](\w{16})/.exec(text)?.[1];

test("PyPI's json2video, unmodified, renders a movie and waits for it; the same movie again is the same project", async () => {
  const again = 'print(asyncio.run(movie.render()))';
  const [first = '', url, second] = (await runPython('PyPI `json2video`', again)).split('\n');
  const [movie, ...others] = await stage.fake.movies('shop:order-1-hello');
  expect(others).toEqual([]);
  expect(projectIn(first)).toBe(movie?.project);
  expect(url).toMatch(/\.mp4$/);
  expect(second).toBe(first);
  // So does the same program, run again.
  expect(await runPython('PyPI `json2video`')).toBe(`${first}\n${url}\n`);
  expect(await stage.fake.movies('shop:order-1-hello')).toHaveLength(1);
});

test('15 lines of requests render a movie, and run again they get the same video and pay for nothing', async () => {
  const end = 'print(reply.headers.get("Idempotent-Replayed"))';
  const first = await runPython('`requests`', end);
  expect(first).toMatch(/^done http\S+\.mp4\nNone\n$/);
  expect(await runPython('`requests`', end)).toBe(first.replace('None', 'true'));
  expect(await stage.fake.movies('shop:order-2-hello')).toHaveLength(1);
});

test('curl sends a movie with the key in its header, again with the replay mark, and reads its project', async () => {
  const post = await blockBelow('curl');
  const first = await mustRun('sh', ['-c', post]);
  const again = await mustRun('sh', ['-c', post]);
  expect(first).toMatch(/^HTTP\/1.1 200 /);
  expect(first).not.toMatch(/idempotent-replayed/i);
  expect(again).toMatch(/^idempotent-replayed: true\r$/im);
  const [movie, ...others] = await stage.fake.movies('shop:order-3-hello');
  expect(others).toEqual([]);
  expect([projectIn(first), projectIn(again)]).toEqual([movie?.project, movie?.project]);
  const read = ['-sS', '-H', `x-api-key: ${TOKENS.shop}`, `${base}/v2/movies?project=${movie?.project}`];
  expect(JSON.parse(await mustRun('curl', read))).toMatchObject({
    success: true,
    movie: { project: movie?.project },
  });
});

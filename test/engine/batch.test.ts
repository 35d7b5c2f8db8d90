import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callCommand } from '../support/call-command.js';
import { MAIN } from '../support/compiled.js';
import { expectNoProcessLeft, type Ran } from '../support/processes.js';
import { runProgram } from '../support/run-program.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { runOnTerminal } from '../support/terminal.js';

expectNoProcessLeft();

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  folder = await mkdtemp(join(tmpdir(), 'renderonce-batch-'));
  await stage.hostWorker();
}, 120_000);

afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** A batch file in a folder of its own. */
async function batchFile(name: string, lines: readonly (string | object)[]): Promise<string> {
  const path = join(folder, name);
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  await writeFile(path, `${text.join('\n')}\n`);
  return path;
}

async function batch(...args: string[]): Promise<Ran & { report: Record<string, unknown> }> {
  const ran = await callCommand(['batch', ...args, '--json'], stage.env);
  return { ...ran, report: JSON.parse(ran.stdout) as Record<string, unknown> };
}

const acceptedOf = async (key: string): Promise<number> => (await stage.fake.movies(key)).length;

test('a batch is paid for once, run again and again; what is wrong is told, and corrected in the file of failed lines', async () => {
  const run = freshKey('batch');
  const keys = Array.from({ length: 30 }, (_, index) => `${run}-${index}`);
  const good = keys.map((key) => ({ key, movie: CARD }));
  const broken = [
    '{"key":',
    { key: `${run}-bad`, movie: 'no movie' },
    { key: keys[0], movie: { ...CARD, resolution: 'sd' } },
  ];
  const file = await batchFile('orders.jsonl', [...good.slice(0, 15), ...broken, ...good.slice(15)]);
  await stage.renders.submitOnce(keys[0] ?? '', CARD);
  const first = await batch(file);

  expect(first.code).toBe(1);
  expect(first.stderr).toBe('');
  expect(first.report).toEqual({
    file,
    lines: 33,
    submitted: 29,
    replayed: 1,
    rejected: 0,
    failed: 3,
    pending: 0,
    credits: 145,
    unpriced: 0,
    seconds: expect.any(Number),
    failedFile: join(folder, 'orders.failed.jsonl'),
    failures: expect.arrayContaining([
      { line: 16, code: 'LineInvalid', message: expect.stringContaining('the line is not JSON: column ') },
      expect.objectContaining({ line: 17, key: `${run}-bad`, code: 'MovieInvalid' }),
      expect.objectContaining({ line: 18, key: keys[0], code: 'IdempotencyKeyReused' }),
    ]),
  });
  for (const key of keys) expect(await acceptedOf(key)).toBe(1);
  const left = await readFile(join(folder, 'orders.failed.jsonl'), 'utf8');
  expect(left.trim().split('\n').toSorted()).toEqual(
    broken.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).toSorted(),
  );

  const corrected = await batchFile('orders.failed.jsonl', [{ key: `${run}-bad`, movie: CARD }]);
  expect(await batch(corrected)).toMatchObject({ code: 0, report: { lines: 1, submitted: 1 } });
  const again = await batchFile('orders.jsonl', good);
  expect(await batch(again)).toMatchObject({
    code: 0,
    report: { lines: 30, submitted: 0, replayed: 30, credits: 0, failures: [] },
  });
  for (const key of keys) expect(await acceptedOf(key)).toBe(1);
}, 120_000);

test('a batch comes by standard input; its failed lines are in the current folder, and replace no file there', async () => {
  const run = freshKey('piped');
  const lines = [
    { key: `${run}-1`, movie: CARD },
    { key: `${run}-2`, movie: 'no movie' },
  ];
  const file = await batchFile('piped.jsonl', lines);
  const command = `"${process.execPath}" "${MAIN}" batch - --json < "${file}"`;
  const pipe = () =>
    runProgram('sh', ['-c', command], { cwd: folder, env: { ...process.env, ...stage.env } });
  const first = await pipe();

  expect(JSON.parse(first.stdout)).toMatchObject({
    file: 'standard input',
    lines: 2,
    submitted: 1,
    failed: 1,
    failedFile: 'stdin.failed.jsonl',
  });
  expect(await acceptedOf(`${run}-1`)).toBe(1);
  const failed = await readFile(join(folder, 'stdin.failed.jsonl'), 'utf8');
  expect(failed).toBe(`${JSON.stringify(lines[1])}\n`);
  const again = await pipe();
  expect(again.code).toBe(2);
  expect(again.stdout).toContain('stdin.failed.jsonl exists: give the name of a new file');
  expect(await readFile(join(folder, 'stdin.failed.jsonl'), 'utf8')).toBe(failed);
}, 120_000);

test('a batch tells the warnings about movies, and where a movie differs from the first one of its key', async () => {
  const run = freshKey('warned');
  const silent = { scenes: [{ duration: 2, elements: [{ type: 'voice', text: '' }] }] };
  await stage.renders.submitOnce(`${run}-joined`, CARD);
  const file = await batchFile('warned.jsonl', [
    { ifDifferent: 'join' },
    { key: `${run}-silent`, movie: silent },
    { key: `${run}-joined`, movie: { ...CARD, resolution: 'sd' } },
  ]);

  expect(await batch(file)).toMatchObject({
    report: {
      submitted: 1,
      differences: [{ line: 3, key: `${run}-joined`, paths: ['resolution'] }],
      warnings: [{ line: 2, key: `${run}-silent`, code: 'voice-text-empty' }],
    },
  });
}, 60_000);

test('on a terminal a bar moves with rate and credits, and the report says what became of the videos', async () => {
  const run = freshKey('houses');
  await writeFile(
    join(folder, 'house.json'),
    JSON.stringify({
      scenes: [{ duration: 3, elements: [{ type: 'text', text: '{{street}}', style: '001' }] }],
    }),
  );
  const rows = Array.from({ length: 12 }, (_, index) => `${run}-${index},"Elm Street ${index}, left"`);
  const file = await batchFile('houses.csv', ['key,street', ...rows]);
  const args = ['batch', file, '--movie', join(folder, 'house.json'), '--wait', '--concurrency', '4'];
  const { code, screen } = await runOnTerminal(args, stage.env);

  expect(code).toBe(0);
  const percents = [...screen.matchAll(/(\d+) %/g)].map(([, percent]) => Number(percent));
  expect(new Set(percents).size).toBeGreaterThan(2);
  expect(screen).toMatch(/█+.* 12 lines, \d+\.\d\/s, about 36 credits/);
  expect(screen).toMatch(/12 lines in \d+ s; 12 videos are there/);
  expect(screen).toContain('12  submitted: about 36 credits');
  const [movie] = await stage.fake.movies(`${run}-7`);
  expect(movie).toMatchObject({ status: 'done' });
}, 120_000);

test('Ctrl-C finishes what is under way and reports it; run again, the batch goes on where it was', async () => {
  const run = freshKey('stopped');
  const keys = Array.from({ length: 40 }, (_, index) => `${run}-${index}`);
  const file = await batchFile(
    'stopped.jsonl',
    keys.map((key) => ({ key, movie: CARD })),
  );
  const ctrlC = { prompt: '█', answer: '\u0003' };
  const { code, screen } = await runOnTerminal(['batch', file, '--concurrency', '2'], stage.env, ctrlC);
  const submitted = Number(/ (\d+) {2}submitted/.exec(screen)?.[1]);
  const movies = (await stage.fake.movies()).filter(({ key }) => key?.startsWith(run) === true);

  expect(code).toBe(1);
  expect(screen).toContain('stopping: finishing what is in progress');
  expect(screen).toContain('Stopped before the end of the file: interrupted.');
  expect(submitted).toBeGreaterThanOrEqual(1);
  expect(submitted).toBeLessThan(40);
  expect(movies).toHaveLength(submitted);
  const rest = await batch(file);
  expect(rest).toMatchObject({ code: 0, report: { submitted: 40 - submitted, replayed: submitted } });
}, 120_000);

test('what a person gets wrong is said before anything is sent, and an engine that is away is exit code 3', async () => {
  const file = await batchFile('one.jsonl', [{ key: freshKey('one'), movie: CARD }]);
  const wrong = await batch(file, '--template', 'LerKrmBfiqaIgBuacLWn');
  const away = await callCommand(['batch', file, '--json'], {
    ...stage.env,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  });

  expect(wrong).toMatchObject({ code: 2, report: { error: { code: 'OptionsInvalid' } } });
  expect(await batch(join(folder, 'missing.jsonl'))).toMatchObject({
    code: 2,
    report: { error: { code: 'FileInvalid' } },
  });
  expect(away.code).toBe(3);
  expect(JSON.parse(away.stdout)).toMatchObject({ error: { code: 'EngineUnavailable' } });
}, 60_000);

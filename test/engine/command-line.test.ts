import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/registry.js';
import { callCommand } from '../support/call-command.js';
import { type CommandExample, commandExamples, type CommandName, KEY } from '../support/command-examples.js';
import { MAIN } from '../support/compiled.js';
import { type Env, expectNoProcessLeft, runCommand, startCommand } from '../support/processes.js';
import { runProgram } from '../support/run-program.js';
import { CARD, openStage, type Stage } from '../support/stage.js';
import { runOnTerminal } from '../support/terminal.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const FOLDER = await mkdtemp(join(tmpdir(), 'renderonce-command-line-'));
const EXAMPLES = commandExamples(FOLDER);
const docs = await readFile(new URL('../../docs/commands.md', import.meta.url), 'utf8');

/** Whose example needs more: a file of lines, a render that goes on, a doubt. */
const ELSEWHERE: Partial<Record<CommandName, string>> = {
  batch: 'batch.test.ts',
  watch: 'operator-commands.test.ts',
  resolve: 'decisions.test.ts',
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  await stage.hostWorker({ RENDERONCE_KEEP: pathToFileURL(join(FOLDER, 'videos')).href });
  await writeFile(join(FOLDER, 'movie.json'), JSON.stringify(CARD));
  await stage.renders.render(KEY, CARD);
  const data = ['--data', join(FOLDER, 'up')];
  await (await startCommand(['up', '--local', '--port', '0', ...data], {})).stop();
  await runCommand(['backup', join(FOLDER, 'kept.db'), ...data], {});
}, 240_000);
afterAll(async () => {
  await stage.close();
  await rm(FOLDER, { recursive: true, force: true });
});

test('every command has its example here, or a test on a terminal and with --json elsewhere', async () => {
  const all = [...Object.keys(EXAMPLES), ...Object.keys(ELSEWHERE)];
  expect(all.toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
  for (const [name, file] of Object.entries(ELSEWHERE)) {
    const tests = await readFile(new URL(file, import.meta.url), 'utf8');
    expect(tests).toMatch(new RegExp(`'${name}'`));
    expect(tests).toContain('runOnTerminal(');
    expect(tests).toContain("'--json'");
  }
});

const SHORT = Object.entries(EXAMPLES).filter(([name]) => name !== 'demo');

test.each(SHORT)('a person at a terminal sees what %s does', (_, example) => expectOnTerminal(example));

async function expectOnTerminal({ args, env = {}, exit = 0, screen, serves }: CommandExample): Promise<void> {
  const ctrlC = serves === undefined ? {} : { prompt: serves, answer: '\u0003' };
  const seen = await runOnTerminal(args, { ...stage.env, ...env }, ctrlC);
  expect(seen.screen).toMatch(screen);
  expect(seen.code).toBe(exit);
}

/** The names at the top of a documented shape, `{ key, failures: [{ line }], done? }`, and which of them may be absent. */
function namesIn(shape: string): { name: string; isOptional: boolean }[] {
  return shape
    .replace(/: (?:\{[^{}]*\}|\[[^[\]]*\])/g, '')
    .replace(/: "\w+"/, '')
    .split(/,\s+/)
    .map((word) => ({ name: word.trim().replace('?', ''), isOptional: word.includes('?') }));
}

/** What the page says of a command's document. */
function shapeOf(name: string): ReturnType<typeof namesIn> {
  const outcome = /outcome of a finished video: `\{ ([^`]+) \}`/.exec(docs)?.[1] ?? '';
  const report = /report of `audit`: `\{ ([^`]+) \}`/.exec(docs)?.[1] ?? '';
  const row = docs.split('\n').find((line) => new RegExp(`^\\|[^|]*\`${name}[ \`]`).test(line)) ?? '';
  const document = row.replaceAll('\\|', '').split('|')[2] ?? '';
  if (document.trim() === 'the outcome') return namesIn(outcome);
  if (document.includes('the report')) return namesIn(report);
  return namesIn(/`\{ ([^`]+) \}`/.exec(document)?.[1] ?? '');
}

test.each(SHORT)(
  'with --json %s prints one document of the documented shape',
  async (name, { args, env = {}, exit = 0, serves }) => {
    const document = serves === undefined ? await printed(args, env, exit) : await said(args, env);
    const shape = shapeOf(name);
    const names = Object.keys(document);
    expect(shape.map((each) => each.name)).toEqual(expect.arrayContaining(names));
    expect(names).toEqual(
      expect.arrayContaining(shape.filter((each) => !each.isOptional).map((each) => each.name)),
    );
  },
  60_000,
);

async function printed(args: readonly string[], env: Env, exit: number): Promise<object> {
  const ran = await callCommand([...args, '--json'], { ...stage.env, ...env });
  expect(ran.code).toBe(exit);
  return JSON.parse(ran.stdout) as object;
}

async function said(args: readonly string[], env: Env): Promise<object> {
  const running = await startCommand(args, { ...stage.env, ...env });
  expect(await running.stop()).toBe(0);
  return running.said;
}

// The rest waits most of its time, for others' time limits or for renders, and does so side by side.

test.concurrent(
  'a person at a terminal sees what demo does',
  async () => {
    const { demo } = EXAMPLES;
    if (demo === undefined) throw new Error('demo has no example');
    await expectOnTerminal(demo);
  },
  240_000,
);

const NEEDS_ENGINE = ['submit', 'result', 'status', 'list', 'cancel', 'audit', 'setup', 'worker'] as const;

test.concurrent.each(NEEDS_ENGINE)(
  '%s says in one line that the engine is away, and in the next what to do',
  async (name) => {
    const { args = [] } = EXAMPLES[name] ?? {};
    const seen = await runOnTerminal(args, { ...stage.env, TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(seen.screen).toMatch(/^error EngineUnavailable: .*127\.0\.0\.1:1.*\r\n {2}Start Temporal .*\r\n$/);
    expect(seen.code).toBe(3);
  },
);

test.each([
  [['submit'], /missing required argument 'key'/],
  [['list', '--colour'], /unknown option '--colour'/],
  [['list', '--state', 'asleep'], /Allowed choices are submitting, /],
  [['sumbit'], /unknown command 'sumbit'\n\(Did you mean submit\?\)/],
])(
  'a call that is mistyped, %j, is told what is wrong with it and where the usage is',
  async (args, fault) => {
    const ran = await callCommand(args, {});
    expect(ran.stderr).toMatch(fault);
    expect(ran.stderr).toMatch(/\(add --help for the usage\)\n$/);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
  },
);

test.each([
  ['--help', 0],
  ['nonsense 2>&1', 2],
])('a reader that has gone before %s speaks is no error, and the exit code stays %i', async (call, exit) => {
  const code = join(FOLDER, `exit-code-${exit}`);
  const command = `"${process.execPath}" "${MAIN}" ${call}; echo $? > "${code}"`;
  const shell = await runProgram('sh', ['-c', `( ${command} ) | true`]);
  expect(shell).toEqual({ code: 0, stdout: '', stderr: '' });
  const written = async (): Promise<string | false> =>
    (await readFile(code, 'utf8').catch(() => '')) || false;
  expect(await until('it has ended', written)).toBe(`${exit}\n`);
});

test('the shapes of the page are read as they are written', () => {
  expect(namesIn('file, done?, failures: [{ line, key? }], totals: { a, b }')).toEqual([
    { name: 'file', isOptional: false },
    { name: 'done', isOptional: true },
    { name: 'failures', isOptional: false },
    { name: 'totals', isOptional: false },
  ]);
});

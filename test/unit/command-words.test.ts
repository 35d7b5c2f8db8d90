import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createProgram } from '../../src/cli/commands.js';
import { choosePorts } from '../../src/engine/ports.js';
import { callCommand } from '../support/call-command.js';

test.each([
  [['submit', 'key-1'], /^missing required argument 'movie\.json'$/, 'renderonce submit --help'],
  [['list', '--nope'], /^unknown option '--nope'/, 'renderonce list --help'],
  [['list', '--limit', '0'], /must be a whole number from 1 to 100000\./, 'renderonce list --help'],
  [['sumbit'], /^unknown command 'sumbit' \(Did you mean submit\?\)$/, 'renderonce --help'],
  [[], /^unknown option '--json'$/, 'renderonce --help'],
])('with --json, the fault of the call %j is one document', async (args, message, help) => {
  const ran = await callCommand([...args, '--json'], {});
  expect(ran).toMatchObject({ code: 2, stderr: '' });
  expect(JSON.parse(ran.stdout)).toEqual({
    error: {
      code: 'UsageInvalid',
      message: expect.stringMatching(message),
      next: `See the usage: \`${help}\`.`,
    },
  });
  // Negative control: as text it is no document.
  expect(await callCommand(args, {})).toMatchObject({ code: 2, stdout: '' });
});

test('help stays text with --json, since a person asks for it', async () => {
  const ran = await callCommand(['list', '--help', '--json'], {});
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toMatch(/^Usage: renderonce list /);
});

/** Names every number option of every command, and a value that none of them takes. */
async function numberOptions(): Promise<readonly { command: string; flag: string; help: string }[]> {
  const { commands } = await createProgram(['completion']);
  const isNumber = (option: Command['options'][number]): boolean =>
    / from \d\S* to \d/.test(option.description);
  return commands.flatMap((command) =>
    command.options.filter(isNumber).map(({ long, description }) => ({
      command: command.name(),
      flag: long ?? '',
      help: description,
    })),
  );
}

test('the error of a number out of bounds names the bounds that the help names', async () => {
  const options = await numberOptions();
  expect(options.length).toBeGreaterThan(15);
  for (const { command, flag, help } of options) {
    const [bounds = ''] = /from \S+ to [^\s,;]+/.exec(help) ?? [];
    const words = command === 'submit' ? ['key', 'movie.json'] : ['movie.json'];
    const ran = await callCommand([command, ...words, flag, '-7'], {});
    expect({ command, flag, said: ran.stderr }).toEqual({
      command,
      flag,
      said: expect.stringMatching(new RegExp(`number ${bounds.replaceAll('.', String.raw`\.`)}\\.`)),
    });
  }
});

/** Makes a text the standard input of commands in this process. */
function pipe(text: string): void {
  const stdin = Object.assign(Readable.from([Buffer.from(text)]), { isTTY: false });
  const spy = vi.spyOn(process, 'stdin', 'get').mockReturnValue(stdin as unknown as typeof process.stdin);
  onTestFinished(() => spy.mockRestore());
}

test('a movie comes by standard input as by a file', async () => {
  pipe('\ufeff{"scenes":[]}');
  expect(await callCommand(['check', '-'], {})).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('standard input: 0 faults, 0 warnings\n'),
  });
});

test('a fault of JSON has its line and column, in a file and in standard input', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-words-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'movie.json');
  const text = '\ufeff{\n  "scenes": [\n    {"a": 1,}\n  ]\n}';
  await writeFile(path, text);
  const fault = 'line 3, column 13: there is a comma before "}", which JSON does not allow';

  for (const args of [
    ['check', path],
    ['submit', 'key-1', path],
  ]) {
    const ran = await callCommand(args, {});
    expect({ args, code: ran.code, said: ran.stdout + ran.stderr }).toEqual({
      args,
      code: 2,
      said: expect.stringContaining(fault),
    });
  }
  pipe(text);
  const piped = await callCommand(['submit', 'key-1', '-'], {});
  expect(piped.stderr).toContain(`standard input is not JSON: ${fault}`);
});

test('standard input that is a terminal is refused at once, and not waited for', async () => {
  const stdin = Object.assign(Readable.from([]), { isTTY: true });
  const spy = vi.spyOn(process, 'stdin', 'get').mockReturnValue(stdin as unknown as typeof process.stdin);
  onTestFinished(() => spy.mockRestore());
  const ran = await callCommand(['check', '-'], {});
  expect(ran).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error FileInvalid: standard input is the terminal/),
  });
});

test('a taken port is named, with its likely holder and the option that changes it', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const ran = await callCommand(['fake', '--port', String(port)], {});
  expect(ran).toMatchObject({ code: 2, stdout: '' });
  expect(ran.stderr).toBe(
    `error ConfigInvalid: cannot listen at 127.0.0.1:${port}: another process does, probably another local JSON2Video, of \`renderonce dev\` or \`renderonce fake\`\n` +
      '  Stop it, or give another --port; 0 takes any free one.\n',
  );
  await expect(choosePorts({ ip: '127.0.0.1', port })).rejects.toMatchObject({
    message: `The engine's port ${port} on 127.0.0.1 is taken by another process.`,
    next: expect.stringMatching(
      /another Temporal dev server or `renderonce dev`.* --port \(0 takes any free one\)/,
    ),
  });
  await expect(choosePorts({ ip: '127.0.0.1', uiPort: port })).rejects.toMatchObject({
    next: expect.stringContaining('another UI port with --ui-port'),
  });
});

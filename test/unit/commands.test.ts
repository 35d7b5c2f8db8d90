import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/commands.js';
import { COMMANDS } from '../../src/cli/registry.js';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const docs = await read('docs/commands.md');

describe.each(Object.entries(COMMANDS))('%s', (name, { summary, exit1 }) => {
  test('has its summary, exit codes and examples in its help, and a documented JSON shape', async () => {
    const command = (await createProgram([name])).commands.find((each) => each.name() === name);
    let help = '';
    command?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();

    expect(help.replace(/\s+/g, ' ')).toContain(summary);
    expect(help).toMatch(
      new RegExp(`Examples:\n(  \\$ renderonce ${name}( .*)?\n?)+\nExit codes: 0 done; 1 `, 'm'),
    );
    expect(help).toContain(exit1);
    expect(help).toContain('--json');
    expect(docs).toMatch(new RegExp(`^\\|[^|]*\`${name}[ \`]`, 'm'));
    // The command loads all of its packages.
  }, 60_000);
});

test('a call loads the commands that it names, completion loads all, and the help lists all', async () => {
  const options = async (words: readonly string[], name: string): Promise<number> =>
    (await createProgram(words)).commands.find((each) => each.name() === name)?.options.length ?? -1;

  expect(await options(['list', '--json'], 'list')).toBeGreaterThan(5);
  expect(await options(['help', 'list'], 'list')).toBeGreaterThan(5);
  expect(await options(['--help'], 'list')).toBe(0);
  expect(await options(['completion', 'bash'], 'list')).toBeGreaterThan(5);
  const help = (await createProgram(['--help'])).helpInformation();
  for (const name of Object.keys(COMMANDS)) expect(help).toMatch(new RegExp(`^  ${name} `, 'm'));
});

/** Returns the packages that one of our files loads with its imports. */
async function packagesOf(path: string, seen = new Set<string>()): Promise<Set<string>> {
  const found = new Set<string>();
  if (seen.has(path)) return found;
  seen.add(path);
  const text = await read(`src/${path}`);
  for (const [, target = ''] of text.matchAll(/^(?:import|export) (?!type)[^;]*? from '([^']+)';/gm)) {
    if (!target.startsWith('.')) found.add(target.replace(/^node:.*/, 'node'));
    else {
      const next = new URL(target, `file:///${path}`).pathname.slice(1).replace(/\.js$/, '.ts');
      for (const each of await packagesOf(next, seen)) found.add(each);
    }
  }
  return found;
}

test('the help loads no engine client, server or schema library', async () => {
  expect([...(await packagesOf('cli/main.ts'))].toSorted()).toEqual(['commander', 'node']);
  // Negative control: a command loads the engine's client.
  expect(await packagesOf('cli/commands/list.ts')).toContain('@temporalio/client');
});

test('only the entry ends the process: a command may run inside a process that goes on', async () => {
  const files = await readdir(new URL('../../src/cli/', import.meta.url), { recursive: true });
  const sources = files.filter((file) => file.endsWith('.ts') && file !== 'main.ts');
  expect(sources.length).toBeGreaterThan(20);
  const texts = await Promise.all(sources.map((file) => read(`src/cli/${file}`)));
  expect(sources.filter((_, at) => texts[at]?.includes('process.exit('))).toEqual([]);
});

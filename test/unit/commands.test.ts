import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { LOADERS } from '../../src/cli/commands.js';
import { createProgram } from '../../src/cli/program.js';
import { SUMMARIES } from '../../src/cli/summaries.js';

const docs = await readFile(new URL('../../docs/commands.md', import.meta.url), 'utf8');

describe.each(Object.entries(LOADERS))('%s', (name, load) => {
  test('is what the help says it is, has examples of itself, and speaks JSON in a shape that is documented', async () => {
    const command = await load();
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();

    expect(command.name()).toBe(name);
    expect(SUMMARIES).toHaveProperty([name], command.description());
    expect(help).toMatch(new RegExp(`Examples:\n(  \\$ renderonce ${name}( .*)?\n?)+$`, 'm'));
    expect(help).toContain('--json');
    expect(docs).toMatch(new RegExp(`^\\|[^|]*\`${name}[ \`]`, 'm'));
    // Loads what the command loads, with all of its packages.
  }, 60_000);
});

test('a call loads the commands that it names, completion all of them, and the help lists all of them', async () => {
  const options = async (words: readonly string[], name: string): Promise<number> =>
    (await createProgram(words)).commands.find((each) => each.name() === name)?.options.length ?? -1;

  expect(await options(['list', '--json'], 'list')).toBeGreaterThan(5);
  expect(await options(['help', 'list'], 'list')).toBeGreaterThan(5);
  expect(await options(['--help'], 'list')).toBe(0);
  expect(await options(['completion', 'bash'], 'list')).toBeGreaterThan(5);
  const help = (await createProgram(['--help'])).helpInformation();
  for (const name of Object.keys(SUMMARIES)) expect(help).toMatch(new RegExp(`^  ${name} `, 'm'));
});

/** The packages that a file of ours loads before it does anything. */
async function packagesOf(path: string, seen = new Set<string>()): Promise<Set<string>> {
  const found = new Set<string>();
  if (seen.has(path)) return found;
  seen.add(path);
  const text = await readFile(new URL(`../../src/${path}`, import.meta.url), 'utf8');
  for (const [, target = ''] of text.matchAll(/^(?:import|export) (?!type)[^;]*? from '([^']+)';/gm)) {
    if (!target.startsWith('.')) found.add(target.replace(/^node:.*/, 'node'));
    else {
      const next = new URL(target, `file:///${path}`).pathname.slice(1).replace(/\.js$/, '.ts');
      for (const each of await packagesOf(next, seen)) found.add(each);
    }
  }
  return found;
}

test('the help waits for no engine client, server or schema library', async () => {
  expect([...(await packagesOf('cli/main.ts'))].toSorted()).toEqual(['commander', 'node']);
  // What this finds where a command is loaded.
  expect(await packagesOf('cli/commands/list.ts')).toContain('@temporalio/client');
});

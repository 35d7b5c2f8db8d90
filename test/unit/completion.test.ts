import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Command, Option } from 'commander';
import { expect, test } from 'vitest';
import { completionCommand } from '../../src/cli/commands/completion.js';
import { completionTree, SCRIPTS } from '../../src/cli/commands/completion/scripts.js';
import { listCommand } from '../../src/cli/commands/list.js';

const program = new Command('renderonce').addCommand(listCommand()).addCommand(completionCommand());
program
  .command('odd')
  .description("it's [odd]: \\ and all")
  .option('--say <text>', "what's [said]")
  .addOption(new Option('--secret').hideHelp());
const TREE = completionTree(program);

test('the tree has every command, option and choice of the help, and no hidden option', () => {
  expect(TREE.map(({ name }) => name)).toEqual(['list', 'completion', 'odd', 'help']);
  const [list, completion, odd] = TREE;
  expect(list?.options).toContainEqual({
    flag: '--state',
    about: 'only renders in this state',
    takesValue: true,
    choices: expect.arrayContaining(['held', 'done']),
  });
  expect(list?.options).toContainEqual(expect.objectContaining({ flag: '--json', takesValue: false }));
  expect(completion?.choices).toEqual(['bash', 'zsh', 'fish']);
  expect(odd?.options.map(({ flag }) => flag)).toEqual(['--say', '--help']);
});

/** Returns the words that bash offers for the last of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `${SCRIPTS.bash('renderonce', TREE)}
    COMP_WORDS=(renderonce "$@"); COMP_CWORD=$#; _renderonce; echo "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', ...words]);
  return stdout.trim().split(' ');
}

test('bash offers commands, then their options, then the choices of an option', async () => {
  expect(await offered('')).toEqual(['list', 'completion', 'odd', 'help']);
  expect(await offered('comp')).toEqual(['completion']);
  expect(await offered('list', '--s')).toEqual(['--state', '--since']);
  expect(await offered('list', '--state', 'he')).toEqual(['held']);
  expect(await offered('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish', '--json']));
  // Bash offers files, since no word of ours fits.
  expect(await offered('odd', '--say', '')).toEqual(['']);
});

test('the scripts for zsh and fish have every option, and no text ends a quote or a bracket', () => {
  const zsh = SCRIPTS.zsh('renderonce', TREE);
  const fish = SCRIPTS.fish('renderonce', TREE);
  for (const { name, options } of TREE) {
    expect(zsh).toContain(`\n  ${name}) _arguments`);
    expect(fish).toContain(`-a ${name} -d `);
    for (const { flag } of options) {
      expect(zsh).toContain(`'${flag}[`);
      expect(fish).toContain(`__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)} `);
    }
  }
  expect(zsh).toContain(String.raw`'--say[what'\''s \[said\]]:value:_files'`);
  expect(zsh).toContain(String.raw`'odd:it'\''s [odd]: \ and all'`);
  expect(fish).toContain(String.raw`-d 'it\'s [odd]: \\ and all'`);
});

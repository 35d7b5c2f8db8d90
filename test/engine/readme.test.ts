import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { openStage } from '../support/stage.js';

expectNoProcessLeft();

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const readme = await readFile(join(ROOT, 'README.md'), 'utf8');

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code = '']) => code,
  );
}

test('the example of the README runs as it stands, and prints the project and the address of the video', async () => {
  const [example = ''] = blocks('ts');
  const stage = await openStage({
    provider: { timeScale: 20 },
    env: { RENDERONCE_TASK_QUEUE: 'renderonce' },
  });
  onTestFinished(() => stage.close());
  await stage.hostWorker();
  // Within the project, so that its imports resolve as they do for a user.
  const folder = await mkdtemp(join(ROOT, 'dist', 'readme-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'example.mjs'), example);
  const ran = await promisify(execFile)(process.execPath, [join(folder, 'example.mjs')], {
    env: { ...process.env, ...stage.env },
  });

  expect(ran.stdout).toMatch(/^[A-Za-z0-9]{16} false http:\/\/127\.0\.0\.1:\d+\/\S+\.mp4\n$/);
});

test('the two commands of the README are scripts of the package', async () => {
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(blocks('sh')[0]?.trim()).toBe('npm ci && npm run demo');
  expect(readme).toContain('`npm ci && npm test` runs the tests; `npm run test:thorough`');
  expect(manifest.scripts['demo']).toBe('node dist/cli/main.js demo');
  expect(manifest.scripts['test']).toBe('vitest run');
});

test('every command that the README names exists, and every one that exists is named', async () => {
  const { stdout } = await callCommand(['--help'], {});
  const known = [...stdout.matchAll(/^ {2}(\w+) .*$/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
  const table = readme.slice(readme.indexOf('| command'), readme.indexOf('Every command takes'));
  const named = [...`${table}\n${await ownPages()}`.matchAll(/`renderonce ([a-z]+)/g)].map(
    ([, name = '']) => name,
  );

  expect([...new Set(named)].toSorted()).toEqual([...new Set(known)].toSorted());
});

/** Pages that have commands and variables of their own. */
async function ownPages(): Promise<string> {
  const pages = ['events.md', 'keeping-videos.md'].map((page) => readFile(join(ROOT, 'docs', page), 'utf8'));
  return (await Promise.all(pages)).join('\n');
}

test('the configuration table names the variables that the configuration reads, and no other', async () => {
  const sources = ['config.ts', 'events/variables.ts', 'keep/variables.ts'].map((file) =>
    readFile(join(ROOT, 'src', file), 'utf8'),
  );
  const read = [
    ...(await Promise.all(sources)).join('').matchAll(/^ {2}((?:JSON2VIDEO|RENDERONCE)_\w+):/gm),
  ].map(([, name = '']) => name);
  const table = readme.slice(readme.indexOf('## Configuration'), readme.indexOf('Options of a render'));
  const named = [...`${table}\n${await ownPages()}`.matchAll(/^\| `((?:JSON2VIDEO|RENDERONCE)_\w+)`/gm)].map(
    ([, name = '']) => name,
  );

  // Where the engine's binary is, is read where it is looked for, and so is the data folder.
  const elsewhere = ['RENDERONCE_DATA', 'RENDERONCE_TEMPORAL_CLI'];
  expect(named.toSorted()).toEqual([...read, ...elsewhere].toSorted());
});

test('the options that the README names are those that the library has', async () => {
  const { stdout } = await callCommand(['submit', '--help'], {});
  const section = readme.slice(readme.indexOf('Options of a render'), readme.indexOf('## More'));
  for (const [, name = ''] of section.matchAll(/`([a-z]+[A-Z]\w+)` \(/g)) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(stdout).toContain(`--${flag} `);
  }
});

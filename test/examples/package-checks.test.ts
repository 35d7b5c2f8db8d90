import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const { scripts } = z
  .object({ scripts: z.object({ 'check:package': z.string() }) })
  .parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));

/** Runs each command of `npm run check:package` on a package of two files; says which of them found a fault. */
async function faultFinders(exports: object): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-package-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const manifest = { name: 'planted', version: '1.0.0', type: 'module', files: ['*.js', '*.ts'], exports };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'index.js'), 'export const one = 1;\n');
  await writeFile(join(folder, 'index.d.ts'), 'export declare const one: number;\n');
  const env = { ...process.env, PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH']}` };
  const found: string[] = [];
  for (const command of scripts['check:package'].split(' && ')) {
    const code = await new Promise((resolve) => {
      execFile('sh', ['-c', command], { cwd: folder, env }, (error) => resolve(error?.code ?? 0));
    });
    if (code !== 0) found.push(command.includes('publint') ? 'publint' : 'arethetypeswrong');
  }
  return found;
}

test('the checks of the package let a sound one pass', async () => {
  const sound = { '.': { types: './index.d.ts', default: './index.js' } };
  expect(await faultFinders(sound)).toEqual([]);
});

test.each([
  ['types that are not there', { '.': { types: './gone.d.ts', default: './index.js' } }, 'arethetypeswrong'],
  ['code that is not there', { '.': { types: './index.d.ts', default: './gone.js' } }, 'publint'],
])('the checks of the package find %s', async (_, exports, finder) => {
  expect(await faultFinders(exports)).toContain(finder);
});

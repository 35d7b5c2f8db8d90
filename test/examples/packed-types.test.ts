import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.js';
import { openPackedProject, type PackedProject } from './packed-package.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The strictest checks of TypeScript that are in use, `exactOptionalPropertyTypes` above all. */
const OPTIONS = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  typeRoots: [join(ROOT, 'node_modules', '@types')],
  types: ['node'],
};

let project: PackedProject;
beforeAll(async () => {
  project = await openPackedProject();
  await project.write('package.json', JSON.stringify({ private: true, type: 'module' }));
}, 300_000);
afterAll(() => project.close());

/** Returns the faults that the compiler finds in a file of a user, one a line. */
async function faultsIn(name: string, text: string, options: object = {}): Promise<string> {
  await project.write(name, text);
  const compilerOptions = { ...OPTIONS, ...options };
  await project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [name] }));
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const ran = await runProgram(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], {
    cwd: project.folder,
  });
  return ran.stdout;
}

test("the README's snippet compiles with the packed package, also under exactOptionalPropertyTypes", async () => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [, snippet = ''] = /```ts\n([^]*?)```/.exec(readme) ?? [];
  expect(snippet).toContain('submitOnce');
  expect(await faultsIn('snippet.ts', snippet, { skipLibCheck: true })).toBe('');
});

test('a misspelt name in a typed movie does not compile, and a generated movie of any shape does', async () => {
  const text = `import type { Movie, Renders } from 'renderonce';
    const good: Movie = { scenes: [{ elements: [{ type: 'text', text: 'Hi' }] }] };
    const misspelt: Movie = { scences: [] };
    const generated: Record<string, unknown> = JSON.parse('{}');
    export const all = (renders: Renders) => [
      renders.submitOnce('a', good), renders.submitOnce('b', generated), renders.submitOnce('c', misspelt),
    ];`;
  const faults = (await faultsIn('movie.ts', text, { skipLibCheck: true })).trim().split('\n');
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(/^movie\.ts\(3,.*'scences'/);
});

test('every entry point has all of its types in the package', async () => {
  const names = ['', '/activities', '/workflow', '/tracing', '/webhook', '/audit', '/fake'];
  const text = names.map((name, at) => `export * as e${at} from 'renderonce${name}';`).join('\n');
  const faults = await faultsIn('entries.ts', text);
  // What other packages declare is not ours to check.
  expect(
    faults.split('\n').filter((line) => /node_modules\/(?:renderonce|json2video)|^entries/.test(line)),
  ).toEqual([]);
});

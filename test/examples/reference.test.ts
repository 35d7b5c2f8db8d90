import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const COMMITTED = fileURLToPath(new URL('../../docs/reference/', import.meta.url));
const TYPEDOC_FOLDER = fileURLToPath(new URL('../../tools/reference/', import.meta.url));

const manifest = z.object({ exports: z.record(z.string(), z.unknown()) });

/** The pages of a folder by their paths. */
async function pagesIn(folder: string): Promise<Record<string, string>> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.md'));
  const pages = paths
    .toSorted()
    .map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(pages));
}

test('the committed reference is what the sources say, and every public name has its words', async () => {
  const out = await mkdtemp(join(tmpdir(), 'renderonce-reference-'));
  onTestFinished(() => rm(out, { recursive: true, force: true }));
  // Fails where a public class, function or type has no doc comment, too: warnings are errors.
  const generating = promisify(execFile)('npm', ['exec', '--', 'typedoc', '--out', out], {
    cwd: TYPEDOC_FOLDER,
  });
  await expect(generating, 'npm run reference shows what is missing').resolves.toBeDefined();

  const committed = await pagesIn(COMMITTED);
  const { exports } = manifest.parse(
    JSON.parse(await readFile(join(TYPEDOC_FOLDER, '../../package.json'), 'utf8')),
  );
  const entries = Object.keys(exports).filter((name) => name !== './package.json');
  const pages = entries.map((name) => `renderonce${name.slice(1)}.md`);
  expect(Object.keys(committed).toSorted()).toEqual(['README.md', ...pages].toSorted());
  expect(committed, 'run npm run reference and commit its pages').toEqual(await pagesIn(out));
}, 300_000);

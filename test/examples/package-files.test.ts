import { readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runProgram } from '../support/run-program.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const packed = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })]);

/** Names the files that `npm publish` would send. */
async function packedFiles(): Promise<readonly string[]> {
  const pack = ['pack', '--dry-run', '--ignore-scripts', '--json'];
  const { stdout } = await runProgram('npm', pack, { cwd: ROOT });
  const [{ files }] = packed.parse(JSON.parse(stdout));
  return files.map(({ path }) => path);
}

const files = await packedFiles();

/** Returns the relative links of a page whose targets are not among the files. */
function linksOutside(page: string, text: string, among: readonly string[]): string[] {
  const links = [...text.replace(/^ *```[^]*?^ *```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)];
  return links
    .map(([, link = '']) => link)
    .filter((link) => !/^(?:https?:|mailto:|#)/.test(link))
    .filter((link) => {
      const target = normalize(join(dirname(page), link.split('#')[0] ?? '')).replace(/\/$/, '');
      return !among.some((path) => path === target || path.startsWith(`${target}/`));
    });
}

test('every relative link of a page in the package leads to a file in the package', async () => {
  const pages = files.filter((path) => path.endsWith('.md'));
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/README.md', 'docs/quick-start.md']));
  const outside: Record<string, string[]> = {};
  for (const page of pages) {
    const found = linksOutside(page, await readFile(join(ROOT, page), 'utf8'), files);
    if (found.length > 0) outside[page] = found;
  }
  expect(outside).toEqual({});
  // Negative control.
  expect(linksOutside('docs/a.md', '[a](../test/x.ts) [b](README.md)', files)).toEqual(['../test/x.ts']);
});

test('the package has no source maps, no tests, and no other copy of a package that it depends on', () => {
  expect(files.filter((path) => /\.map$|\.test\.[jt]s$|^(?:src|test|tools)\//.test(path))).toEqual([]);
  const bundled = files.filter((path) => path.startsWith('node_modules/'));
  expect(bundled.length).toBeGreaterThan(10);
  expect(bundled.filter((path) => !path.startsWith('node_modules/json2video-local/'))).toEqual([]);
  expect(files.length).toBeLessThan(300);
});

test('the package holds the types of its entry points, and of nothing that no caller can import', async () => {
  expect(files).toEqual(expect.arrayContaining(['dist/index.d.ts', 'dist/worker.d.ts']));
  expect(files.filter((path) => /^dist\/(?:cli|demo)\/.*\.d\.ts$/.test(path))).toEqual([]);
  const { keywords } = z
    .object({ keywords: z.array(z.string()) })
    .parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
  expect(keywords).toContain('json2video');
});

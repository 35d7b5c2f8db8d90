import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PICTURES } from '../browser/picture-names.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
const isPicture = (path: string): boolean => /\.(png|svg|jpe?g|gif|webp)$/.test(path);

/** The pictures that pages show, as paths from the root. */
function picturesOf(pages: readonly (readonly [string, string])[]): string[] {
  return pages.flatMap(([path, text]) =>
    [...text.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, to = '']) =>
      relative('.', join(dirname(path), to)),
    ),
  );
}

/** Not below it: the packages of the alternatives have pictures of their own. */
const bench = readdirSync(join(ROOT, 'bench')).map((name) => join('bench', name));
const pages = [...readdirSync(ROOT), ...filesIn('docs'), ...filesIn('proof'), ...bench]
  .filter((path) => path.endsWith('.md'))
  .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')] as const);
const present = [...filesIn('docs'), ...filesIn('proof'), ...bench].filter(isPicture);

describe('the pictures of the documentation', () => {
  test('are all there, and each that is there is shown', () => {
    expect([...new Set(picturesOf(pages))].toSorted()).toEqual(present.toSorted());
  });

  test('in docs are those that one command makes', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const made = ['docs/demo.png', ...PICTURES.map((name) => `docs/screenshots/${name}.png`)];
    expect(present.filter((path) => path.startsWith('docs/')).toSorted()).toEqual(made.toSorted());
    expect(scripts['screenshots']).toBe(
      'node tools/demo-picture.mjs && vitest run --config test/browser/pictures.config.ts',
    );
  });

  test('are missed where a page shows one that is not there', () => {
    expect(picturesOf([['docs/a.md', '![x](screenshots/none.png) [link](b.png)']])).toEqual([
      'docs/screenshots/none.png',
    ]);
  });
});

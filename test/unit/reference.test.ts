import { readFile } from 'node:fs/promises';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the reference shows `Renders` first, and has every export of the library', async () => {
  const page = await read('docs/reference/renderonce.md');
  const shown = [...page.matchAll(/^### (?:`abstract` )?(\w+)(?:\(\))?$/gm)].map(([, name]) => name);
  const { module } = parseSync('index.ts', await read('src/index.ts'));
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.map((entry) => entry.exportName.name),
  );

  expect(shown[0]).toBe('Renders');
  expect(exported.length).toBeGreaterThan(10);
  expect(new Set(shown)).toEqual(new Set(exported));
});

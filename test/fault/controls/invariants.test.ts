import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { BUGS } from './bugs.js';

const ROOT = new URL('../../../', import.meta.url);

const page = await readFile(new URL('ARCHITECTURE.md', ROOT), 'utf8');
const section = /^## Invariants\n(.*?)^## /ms.exec(page)?.[1] ?? '';
const invariants = section
  .split(/^(?=\d+\. )/m)
  .slice(1)
  .map((text) => text.replaceAll(/\s+/g, ' '));

test('the invariants are numbered in order, each once', () => {
  expect(invariants.length).toBeGreaterThan(16);
  expect(invariants.map((text) => Number.parseInt(text, 10))).toEqual(
    invariants.map((_, index) => index + 1),
  );
});

test.each(invariants)('%s — names tests that exist, and its control', (text) => {
  const [, tests = '', control = ''] = /Test: (.*) Control: (.*)/.exec(text) ?? [];
  const controlFiles = filesIn(control);
  expect(filesIn(tests)).not.toEqual([]);
  expect([...filesIn(tests), ...controlFiles].filter((file) => !existsSync(pathOf(file)))).toEqual([]);
  const isPlanted = BUGS.some(({ name }) => control.includes(name));
  expect(isPlanted || controlFiles.length > 0).toBe(true);
});

test.each(BUGS)('it is named as a control that $name', ({ name }) => {
  expect(invariants.filter((text) => text.includes(name))).toHaveLength(1);
});

function filesIn(text: string): string[] {
  return [...text.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, ROOT));
}

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/command.js';
import * as errors from '../../src/render/errors.js';

/** One instance of every concrete error class. */
const instances = Object.values(errors)
  .filter(
    (exported) => typeof exported === 'function' && exported.prototype instanceof errors.RenderonceError,
  )
  .filter((exported) => exported !== errors.UnfinishedRender)
  .map((Class) => Reflect.construct(Class, ['message', 'what to do', {}]) as errors.RenderonceError);

test('every error has its row on the page of errors, with its exit code, and the page names no other', async () => {
  const page = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` +\|.*\| (\d) +\|$/gm)].map(([, code, exit]) => [
    code,
    Number(exit),
  ]);

  expect(instances.length).toBeGreaterThan(10);
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(instances.map((error) => [error.code, exitCodeOf(error)])),
  );
});

test('every code is the name of its class, and every error gives the next step', () => {
  for (const error of instances) {
    expect(error.code).toBe(error.name);
    expect(error.next).toMatch(/\w/);
  }
});

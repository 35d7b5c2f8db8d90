import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/command.js';
import { Refusal } from '../../src/http/refusal.js';
import * as errors from '../../src/render/errors.js';
import { httpStatusOf } from '../../src/render/http-status.js';

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

test('every status that the page gives an error is the one over HTTP, and no error with a status of its own is left out', async () => {
  const page = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (\d{3}) +\| (.*?) \|/gm)].flatMap(([, status, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, code = '']): [string, number] => [code, Number(status)]),
  );
  const known = new Map(instances.map((error) => [error.code, httpStatusOf(error)]));
  const refusal = (code: string): number => (Reflect.construct(Refusal, [code, '']) as Refusal).status;

  expect(rows).toEqual(rows.map(([code]) => [code, known.get(code) ?? refusal(code)]));
  const named = rows.map(([code]) => code);
  const own = [...known].filter(([, status]) => status !== 500).map(([code]) => code);
  expect(named).toEqual(expect.arrayContaining([...own, 'RateLimited']));
});

test('every code is the name of its class, and every error gives the next step', () => {
  for (const error of instances) {
    expect(error.code).toBe(error.name);
    expect(error.next).toMatch(/\w/);
  }
});

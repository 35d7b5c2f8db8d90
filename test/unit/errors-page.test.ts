import { readFile } from 'node:fs/promises';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/command.js';
import { addErrorsPage } from '../../src/http/errors-page.js';
import { problemOf } from '../../src/http/problem.js';
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
  const rows = [...page.matchAll(/^\| <a[^`]*`(\w+)` +\|.*\| (\d) +\|$/gm)].map(([, code, exit]) => [
    code,
    Number(exit),
  ]);

  expect(instances.length).toBeGreaterThan(10);
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(instances.map((error) => [error.code, exitCodeOf(error)])),
  );
});

/** The problem of a code that only the server has. */
function problemWith(code: string) {
  const error = code === 'Unexpected' ? new Error('boom') : Reflect.construct(Refusal, [code, '']);
  return problemOf(error, undefined);
}

test('the type of each problem leads to an anchor beside its code, on GitHub and at the server', async () => {
  const source = await readFile(new URL('../../src/http/refusal.ts', import.meta.url), 'utf8');
  const refusals = [...source.matchAll(/^  (\w+): \[\d{3},/gm)].map(([, code = '']) => code);
  expect(refusals.length).toBeGreaterThan(15);
  const problems = [
    ...instances.map((error) => problemOf(error, undefined)),
    ...[...refusals, 'Unexpected'].map(problemWith),
  ];
  const app = fastify();
  addErrorsPage(app);
  for (const { type, code } of problems) {
    const [url = '', anchor = ''] = type.split('#');
    const { body: markdown, headers } = await app.inject({ url });
    expect(headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(markdown).toContain(`<a id="${anchor}"></a>\`${code}\` `);
    const shown = await app.inject({ url, headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    expect(shown.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(shown.body.split(`<td><a id="${anchor}"></a><code>${code}</code></td>`)).toHaveLength(2);
    expect(shown.body).not.toMatch(/&lt;a|\]\(|^\|/m);
  }
});

test('every status that the page gives an error is the one over HTTP, and no error with a status of its own is left out', async () => {
  const page = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (\d{3}) +\| (.*?) \|/gm)].flatMap(([, status, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, code = '']): [string, number] => [code, Number(status)]),
  );
  const known = new Map(instances.map((error) => [error.code, httpStatusOf(error)]));

  expect(rows).toEqual(rows.map(([code]) => [code, known.get(code) ?? problemWith(code).status]));
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

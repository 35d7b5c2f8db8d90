import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Html } from '../../src/console/html.js';
import { layout } from '../../src/console/layout.js';
import { problemPage } from '../../src/console/problem-page.js';
import { type Browser, CHROMIUM, startBrowser } from '../support/chromium.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { taken } from '../support/taken.js';
import { HOSTILE_TEXTS } from './hostile-texts.js';
import { problem, VIEWS, visitOf } from './hostile-views.js';
import { Visitor } from './visitor.js';

expectNoProcessLeft();

/** Elements with the names of their attributes, in their order: the whole structure of a page. */
const STRUCTURE = `[...document.querySelectorAll('*')].map((each) =>
  each.localName + ' ' + each.getAttributeNames().join()).join('\\n')`;
const PLAIN = 'plain text';

const pages = new Map<string, string>();
let browser: Browser;
let visitor: Visitor;
let stop: () => Promise<unknown>;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  // Without the Content-Security-Policy, which must not be what saves a page.
  const server = createServer(({ url = '' }, response) => {
    const page = pages.get(url);
    response
      .writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' })
      .end(page);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = taken('the server of hostile pages', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  browser = await startBrowser(CHROMIUM);
  visitor = await Visitor.open(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterAll(async () => {
  visitor?.page.close();
  await Promise.allSettled([browser?.close(), stop?.()]);
});

/** Loads a page with a view of each text, and returns its structure. */
async function structureOf(
  texts: readonly string[],
  view: (text: string) => readonly (Html | false)[],
): Promise<unknown> {
  const page = layout(visitOf(texts[0] ?? ''), { title: texts.join(' '), body: texts.flatMap(view) });
  pages.set('/page', String(await page));
  await visitor.goTo('/page');
  return visitor.page.evaluate(STRUCTURE);
}

test('the corpus has 200 different texts', () => {
  expect(new Set(HOSTILE_TEXTS).size).toBe(200);
});

describe.skipIf(CHROMIUM === undefined && process.env['CI'] === undefined)(
  '200 hostile texts, in Chromium',
  () => {
    test.each(Object.keys(VIEWS))('run no script on page %s, and leave it whole', async (name) => {
      const view = VIEWS[name] ?? (() => []);
      const whole = await structureOf(
        HOSTILE_TEXTS.map(() => PLAIN),
        view,
      );
      expect(await structureOf(HOSTILE_TEXTS, view)).toBe(whole);
      expect(await visitor.page.evaluate('String(window.pwned)')).toBe('undefined');
      const readable = HOSTILE_TEXTS.filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text));
      const missing = await visitor.page.evaluate(
        `(() => { const all = document.body.innerHTML && [document.body.textContent, ...[...document.querySelectorAll('input, textarea')].map(({ value }) => value)].join('\\n');
        return ${JSON.stringify(readable)}.filter((text) => !all.includes(text)); })()`,
      );
      expect(missing).toEqual([]);
    });

    test('would be seen if a page took one of them for markup', async () => {
      pages.set('/page', `<!doctype html><title>x</title><body>${HOSTILE_TEXTS.join('')}`);
      await visitor.goTo('/page');
      expect(await visitor.page.evaluate('String(window.pwned)')).toBe('1');
    });

    test('a problem with each of them is a page with the same structure', async () => {
      const [text = ''] = HOSTILE_TEXTS;
      for (const each of [PLAIN, text])
        pages.set(
          `/${each === PLAIN ? 'plain' : 'hostile'}`,
          String(await problemPage(undefined, problem(each))),
        );
      await visitor.goTo('/plain');
      const whole = await visitor.page.evaluate(STRUCTURE);
      await visitor.goTo('/hostile');
      expect(await visitor.page.evaluate(STRUCTURE)).toBe(whole);
    });
  },
);

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTokens } from '../http/tokens-for-tests.js';
import { type Browser, CHROMIUM, startBrowser } from '../support/chromium.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { fillIndex } from './full-index.js';
import { Visitor } from './visitor.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({ anna: ['admin'] });
const RENDERS = 10_000;
/** A whole page of the list is of real renders, with their stills. */
const REAL = 30;
const PAINT_MS = 1_000;
const PAGE_BYTES = 60_000;
/** Loads of a page; the fastest counts, since other programs use the machine, too. */
const LOADS = 5;
/** Servers whose first page of credits is loaded; each of them has read no ended run before. */
const SERVERS = 3;
const PAGES = [
  '/',
  '/?q=copy-5',
  '/?state=held',
  '/render?key=real-3',
  '/attention',
  '/try',
  '/credits',
  '/design',
];
// One in a hundred is in each of three states that are no end.
const ENDED = RENDERS * 0.97 + REAL;

/** Milliseconds from the request until the page shows something. */
const PAINTED = `new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(Math.round(list.getEntriesByName('first-contentful-paint')[0].startTime)))
    .observe({ type: 'paint', buffered: true });
})`;

let stage: Stage;
let entries = 0;
let server: Running;
let browser: Browser;
let anna: Visitor;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  stage = await openStage({ engine: 'disk', provider: { renderSeconds: 1 } });
  entries = await fillIndex(stage, RENDERS);
  [server, browser] = await Promise.all([stage.startServer(env), startBrowser(CHROMIUM), stage.hostWorker()]);
  const real = Array.from({ length: REAL }, (_, index) =>
    stage.renders.render(`real-${index}`, { ...CARD, comment: String(index) }),
  );
  await Promise.all(real);
  anna = await Visitor.open(browser, String(server.said['url']));
  await anna.signIn(tokens.anna);
});
afterAll(async () => {
  anna?.page.close();
  await Promise.allSettled([browser?.close(), stage?.close()]);
});

describe.skipIf(CHROMIUM === undefined && process.env['CI'] === undefined)(
  'with 10,000 renders in the index, in Chromium',
  () => {
    test.each(PAGES)('%s is painted within 1 s, and has under 60 kB', async (path) => {
      const paints: number[] = [];
      let bytes = 0;
      for (let load = 0; load < LOADS; load += 1) {
        bytes = Math.max(bytes, await anna.weightOf(path));
        paints.push(Number(await anna.page.evaluate(PAINTED)));
      }
      expect(Math.min(...paints), `first paint after ${paints.join(', ')} ms`).toBeLessThan(PAINT_MS);
      expect(bytes).toBeLessThan(PAGE_BYTES);
    });

    test('the page of credits counts all that ended, with the one that ended just now', async () => {
      expect(entries).toBeGreaterThanOrEqual(RENDERS);
      await anna.goTo('/credits');
      expect(await anna.text()).toContain(`${ENDED} renders`);
      await stage.renders.render('one-more', { ...CARD, comment: 'one more' });
      await until('the index has it', async () => {
        await anna.goTo('/credits');
        return (await anna.text()).includes(`${ENDED + 1} renders`);
      });
    });

    test('the first page of credits of a server is painted within 1 s, and gets its figures', async () => {
      const paints: number[] = [];
      for (let start = 0; start < SERVERS; start += 1) {
        const fresh = await stage.startServer(env);
        // Cookies know no port, and servers with the same tokens share sessions.
        const visitor = await Visitor.open(browser, String(fresh.said['url']));
        await visitor.goTo('/credits');
        paints.push(Number(await visitor.page.evaluate(PAINTED)));
        expect(await visitor.text()).toMatch(new RegExp(`${ENDED + 1} renders`));
        expect(await visitor.text()).not.toContain('Reading');
        expect([...visitor.faults, await visitor.isTooWide()]).toEqual([false]);
        visitor.page.close();
      }
      expect(Math.min(...paints), `first paint after ${paints.join(', ')} ms`).toBeLessThan(PAINT_MS);
    });
  },
);

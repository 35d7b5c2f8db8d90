import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { FakeJson2Video } from '../../src/index.js';
import type { Browser, Page } from '../../../../test/support/chromium.js';
import { CHROMIUM, startBrowser } from '../../../../test/support/chromium.js';
import { exportsTo, releaseReceivers, startReceiver } from '../unit/receiver.js';
import { failureOf, movieOf, post, releaseFakes, startFake, submit } from '../unit/support.js';

releaseFakes();
releaseReceivers();

let browser: Browser;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  browser = await startBrowser(CHROMIUM);
}, 60_000);
afterAll(async () => {
  await browser?.close();
});

const loaded = z.object({ request: z.object({ url: z.string() }) });

/** The fake's page, and what went wrong on it or was fetched by it. */
async function opened(fake: FakeJson2Video): Promise<{ page: Page; problems: unknown[]; fetched: string[] }> {
  const page = await browser.open();
  const problems: unknown[] = [];
  const fetched: string[] = [];
  page.on((method, params) => {
    if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded') problems.push(params);
    if (method === 'Network.requestWillBeSent') fetched.push(loaded.parse(params).request.url);
  });
  await page.send('Page.navigate', { url: fake.url });
  await expect.poll(text(page, 'connection'), PATIENT).toContain('live');
  return { page, problems, fetched };
}

/** The text of the part of the page with this `data-testid`, spaces straightened. */
const textOf = async (page: Page, id: string): Promise<string> =>
  String(await page.evaluate(`document.querySelector('[data-testid="${id}"]')?.innerText`)).replaceAll(
    /\s+/g,
    ' ',
  );

/** For `expect.poll`: the page follows what happens, a moment later. */
const text = (page: Page, id: string) => (): Promise<string> => textOf(page, id);
const PATIENT = { timeout: 10_000 };

describe.skipIf(CHROMIUM === undefined && process.env['CI'] === undefined)(
  'the page at /, in Chromium',
  () => {
    test('movies, their state, webhooks, credits and requests show up live, and the video plays', async () => {
      const [fake, receiver] = [await startFake({ credits: 1000 }), await startReceiver()];
      const { page, problems, fetched } = await opened(fake);
      expect(await page.evaluate("document.getElementById('example').innerText")).toContain(
        `${fake.url}/v2/movies`,
      );

      const movie = movieOf('order-12345', 5, { resolution: 'hd', ...exportsTo(`${receiver.url}/hook`) });
      const project = await submit(fake, movie);
      await expect.poll(text(page, 'movies'), PATIENT).toContain(`order-12345 ${project} 5 s`);
      fake.advance(3);
      await expect.poll(text(page, 'movies'), PATIENT).toContain('running');
      fake.advance(60);
      await expect.poll(text(page, 'movies'), PATIENT).toContain('done');
      await expect.poll(text(page, 'webhooks'), PATIENT).toContain('200');
      await expect.poll(text(page, 'spent'), PATIENT).toContain('5');
      await expect.poll(text(page, 'balance'), PATIENT).toContain('995');
      await expect
        .poll(text(page, 'requests'), PATIENT)
        .toContain('POST /v2/movies order-12345 200 accepted');

      const video = "document.querySelector('[data-testid=video]')";
      await expect.poll(() => page.evaluate(`${video}.currentTime > 0.2`), PATIENT).toBe(true);
      const facts = await page.evaluate(
        `[${video}.videoWidth, ${video}.videoHeight, ${video}.duration, ${video}.error]`,
      );
      expect(facts).toEqual([1280, 720, 5, null]);

      const picture = await page.screenshot();
      expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1280, expect.any(Number)]);
      expect(picture.length).toBeGreaterThan(20_000);
      expect(problems).toEqual([]);
      expect(fetched.filter((url) => !url.startsWith(`${fake.url}/`) && !url.startsWith('data:'))).toEqual(
        [],
      );
      page.close();
    });

    test('a movie is shown in detail when it is chosen: why it failed, which callbacks it got', async () => {
      const [fake, receiver] = [await startFake({ scenarios: ['webhook-storm'] }), await startReceiver()];
      const { page } = await opened(fake);
      const failed = await submit(fake, { scenes: [], 'client-data': { renderonce: { key: 'broken' } } });
      await expect.poll(text(page, 'detail'), PATIENT).toContain('broken');
      await submit(fake, movieOf('fine', 5, exportsTo(receiver.url)));
      fake.advance(60);
      // Although nothing more happens after it was too early to change what is shown.
      await expect.poll(text(page, 'detail'), PATIENT).toContain('fine');
      await page.evaluate(`document.querySelector('[data-project="${failed}"]').click()`);
      await expect.poll(text(page, 'message'), PATIENT).toContain('Movie duration cannot be zero');
      await expect.poll(text(page, 'detail'), PATIENT).toContain('the render failed');
      await expect.poll(text(page, 'webhooks'), PATIENT).toContain('none sent');
      await expect.poll(text(page, 'faults'), PATIENT).toContain('3');
      page.close();
    });

    test('a lost reply is shown as cut, with its rule; a key with markup is shown as text', async () => {
      const fake = await startFake({ scenarios: ['lost-reply'] });
      const { page, problems } = await opened(fake);
      const key = '<img src=x onerror=alert(1)>';
      expect(await failureOf(post(fake, movieOf(key)))).toBe('ECONNRESET');
      await expect.poll(text(page, 'movies'), PATIENT).toContain(key);
      await expect.poll(text(page, 'requests'), PATIENT).toContain('cut accepted');
      await expect.poll(text(page, 'requests'), PATIENT).toContain('fault-1');
      expect(await page.evaluate("document.querySelectorAll('main img').length")).toBe(0);
      expect(problems).toEqual([]);
      page.close();
    });
  },
);

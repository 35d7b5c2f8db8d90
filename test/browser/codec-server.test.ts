import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, CHROMIUM, type Page, startBrowser } from '../fake/chromium.js';
import { expectNoProcessLeft, startCommand } from '../support/processes.js';
import { freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

const PERSON = 'Ada Lovelace of Marylebone';
const MOVIE = {
  comment: `for ${PERSON}`,
  scenes: [
    { duration: 5, elements: [{ type: 'text', text: 'Your analytical engine is ready', style: '001' }] },
  ],
};

/** The page follows what it fetches. */
const PATIENT = { timeout: 15_000 };

let stage: Stage;
let browser: Browser;
const isPossible = CHROMIUM !== undefined;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  const key = `k:${randomBytes(32).toString('base64')}`;
  stage = await openStage({
    fakeArgs: ['--render-seconds', '600'],
    env: { RENDERONCE_ENCRYPTION_KEYS: key },
  });
  await stage.startWorker();
  browser = await startBrowser(CHROMIUM);
}, 60_000);
afterAll(async () => {
  // The stage goes also where the browser would not.
  await Promise.allSettled([browser?.close(), stage?.close()]);
});

/** All text of the page, that of its frames included, which the UI fills through their address. */
const textOf = async (page: Page): Promise<string> =>
  String(
    await page.evaluate(
      `document.body.innerText + [...document.querySelectorAll('iframe')].map((f) => decodeURIComponent(f.src) + f.srcdoc).join()`,
    ),
  );

const clickOn = (page: Page, id: string, within = ''): Promise<unknown> =>
  page.evaluate(`document.querySelector('${within} [data-testid="${id}"]').click()`);

/** What a person does: the glasses in the corner, the own setting, the endpoint, Apply. */
async function useCodecServer(page: Page, endpoint: string): Promise<void> {
  const settings = '#data-encoder-settings';
  await clickOn(page, 'data-encoder-status');
  await clickOn(page, 'use-local-endpoint-input', settings);
  const field = `document.querySelector('[data-testid="data-encoder-endpoint-input"]')`;
  await expect.poll(() => page.evaluate(`${field} !== null`), PATIENT).toBe(true);
  await page.evaluate(`${field}.focus()`);
  await page.send('Input.insertText', { text: endpoint });
  const apply = `document.querySelector('${settings} [data-testid="confirm-modal-button"]')`;
  await expect.poll(() => page.evaluate(`${apply}.disabled`), PATIENT).toBe(false);
  await page.evaluate(`${apply}.click()`);
}

describe.skipIf(!isPossible && process.env['CI'] === undefined)('the Temporal UI, in Chromium', () => {
  test('shows an encrypted render in the clear once it is given the codec server, and not before', async () => {
    const { uiUrl } = stage.engine;
    const codec = await startCommand(
      ['codec', '--port', '0', '--ui-origin', new URL(uiUrl).origin],
      stage.env,
    );
    const key = freshKey('seen');
    await stage.renders.submitOnce(key, MOVIE);
    const page = await browser.open();
    const at = async (tab: string): Promise<void> => {
      const runs = `${uiUrl}/namespaces/default/workflows/${key}`;
      const { runId } = await stage.client.workflow.getHandle(key).describe();
      await page.send('Page.navigate', { url: `${runs}/${runId}/${tab}` });
    };
    await at('timeline');
    await expect.poll(() => textOf(page), PATIENT).toContain(key);
    await expect.poll(() => textOf(page), PATIENT).toContain('renderMovie');
    await expect
      .poll(
        () => page.evaluate(`document.querySelector('[data-testid="input-and-result"]')?.innerText ?? ''`),
        PATIENT,
      )
      .toMatch(/[A-Za-z0-9+/]{100}/);
    expect(await textOf(page)).not.toContain(PERSON);

    await useCodecServer(page, String(codec.said['endpoint']));
    await at('timeline');
    await expect.poll(() => textOf(page), PATIENT).toContain('Your analytical engine is ready');
    await at('user-metadata');
    await expect.poll(() => textOf(page), PATIENT).toContain(`${key} · for ${PERSON}`);
    await expect.poll(() => textOf(page), PATIENT).toContain('Awaited: the end of the render');
    await at('pending-activities');
    await expect
      .poll(() => textOf(page), PATIENT)
      .toMatch(/"message": "the first check follows|"message": "running/);
    page.close();
    expect(await codec.stop()).toBe(0);
  });
});

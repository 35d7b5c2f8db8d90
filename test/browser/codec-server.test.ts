import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, CHROMIUM, startBrowser } from '../support/chromium.js';
import { expectNoProcessLeft, startCommand } from '../support/processes.js';
import { freshKey, openStage, type Stage } from '../support/stage.js';
import { PATIENT, UiPage } from './ui-page.js';

expectNoProcessLeft();

const PERSON = 'Ada Lovelace of Marylebone';
const MOVIE = {
  comment: `for ${PERSON}`,
  scenes: [
    { duration: 5, elements: [{ type: 'text', text: 'Your analytical engine is ready', style: '001' }] },
  ],
};

let stage: Stage;
let browser: Browser;
const isPossible = CHROMIUM !== undefined;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  const key = `k:${randomBytes(32).toString('base64')}`;
  stage = await openStage({
    engine: 'memory',
    provider: { renderSeconds: 600 },
    env: { RENDERONCE_ENCRYPTION_KEYS: key },
  });
  await stage.startWorker();
  browser = await startBrowser(CHROMIUM);
}, 60_000);
afterAll(async () => {
  // The stage goes also where the browser would not.
  await Promise.allSettled([browser?.close(), stage?.close()]);
});

/** What a person does: the glasses in the corner, the own setting, the endpoint, Apply. */
async function useCodecServer(ui: UiPage, endpoint: string): Promise<void> {
  const { page } = ui;
  const settings = '#data-encoder-settings';
  await ui.click('data-encoder-status');
  await ui.click('use-local-endpoint-input', settings);
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
    const codec = await startCommand(
      ['codec', '--port', '0', '--ui-origin', new URL(stage.engine.uiUrl).origin],
      stage.env,
    );
    const key = freshKey('seen');
    await stage.renders.submitOnce(key, MOVIE);
    const ui = await UiPage.open(browser, stage);
    await ui.showRender(key, 'timeline');
    await expect.poll(() => ui.missing('renderMovie'), PATIENT).toEqual([]);
    const given = `document.querySelector('[data-testid="input-and-result"]')?.innerText ?? ''`;
    await expect.poll(() => ui.page.evaluate(given), PATIENT).toMatch(/[A-Za-z0-9+/]{100}/);
    expect(await ui.text()).not.toContain(PERSON);

    await useCodecServer(ui, String(codec.said['endpoint']));
    await ui.showRender(key, 'timeline');
    await expect.poll(() => ui.missing('Your analytical engine is ready'), PATIENT).toEqual([]);
    await ui.showRender(key, 'user-metadata');
    await expect
      .poll(() => ui.missing(`${key} · for ${PERSON}`, 'What comes next: the end of the render'), PATIENT)
      .toEqual([]);
    await ui.showRender(key, 'pending-activities');
    await expect
      .poll(() => ui.missing(/"message": "the first check follows|"message": "running/), PATIENT)
      .toEqual([]);
    ui.page.close();
    expect(await codec.stop()).toBe(0);
  });
});

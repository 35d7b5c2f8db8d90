import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { Browser, Page } from '../support/chromium.js';
import { until } from '../support/until.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules for a whole page; parts of one are tried within pages. */
const AXE_RUN = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ' at ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`;

const PATIENT_MS = 30_000;
/** Pixels of a usual window. */
const HEIGHT = 900;

const request = z.object({ request: z.object({ url: z.string() }) });
const finished = z.object({ requestId: z.string(), encodedDataLength: z.number() });
const answered = z.object({ requestId: z.string(), type: z.string() });
const logged = z.object({
  entry: z.object({ level: z.string(), text: z.string(), url: z.string().optional() }),
});

/** A person with a browser who looks at a console. */
export class Visitor {
  readonly page: Page;
  readonly url: string;
  /** Errors of scripts, and what the Content-Security-Policy has stopped. */
  readonly faults: string[] = [];
  /** Addresses that the browser asked for. */
  readonly asked: string[] = [];
  #width = 1440;
  #loads = 0;
  #bytes = 0;
  readonly #media = new Set<string>();

  private constructor(page: Page, url: string) {
    this.page = page;
    this.url = url;
    page.on((method, params) => this.#hear(method, params));
  }

  static async open(browser: Browser, url: string): Promise<Visitor> {
    const visitor = new Visitor(await browser.open(), url);
    await visitor.page.send('Emulation.setScrollbarsHidden', { hidden: true });
    await visitor.look({ width: 1440 });
    return visitor;
  }

  /** Chooses width and scheme. */
  async look({
    width,
    scheme = 'light',
  }: {
    readonly width: number;
    readonly scheme?: 'light' | 'dark';
  }): Promise<void> {
    this.#width = width;
    await this.#resize(HEIGHT);
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.page.send('Emulation.setEmulatedMedia', { features });
  }

  async goTo(path: string): Promise<void> {
    await this.#loading(() => this.page.send('Page.navigate', { url: `${this.url}${path}` }));
  }

  /** Presses what leads to another page. */
  async press(selector: string): Promise<void> {
    await this.#loading(() => this.#on(selector, 'click()'));
  }

  async fill(selector: string, value: string): Promise<void> {
    await this.#on(selector, `value = ${JSON.stringify(value)}`);
  }

  async choose(selector: string): Promise<void> {
    await this.#on(selector, 'click()');
  }

  async text(): Promise<string> {
    return String(await this.page.evaluate('document.body.innerText'));
  }

  /** Waits until the page says something, by itself. */
  async sees(what: string | RegExp): Promise<void> {
    await until(
      `the page says ${String(what)}`,
      async () => {
        const text = await this.text();
        return typeof what === 'string' ? text.includes(what) : what.test(text);
      },
      PATIENT_MS,
    );
  }

  /** Returns what axe-core finds on the page as it is. */
  async violations(): Promise<unknown> {
    return this.page.evaluate(`${AXE}; ${AXE_RUN}`);
  }

  /** The page from its top, so many pixels high; the whole page with 0. */
  async picture(height: number): Promise<Buffer> {
    const full = Number(await this.page.evaluate('document.documentElement.scrollHeight'));
    const high = height === 0 ? full : height;
    await this.#resize(high);
    const picture = await this.page.screenshot({ x: 0, y: 0, width: this.#width, height: high });
    await this.#resize(HEIGHT);
    return picture;
  }

  /** What axe-core or a person would mind of a page, in both schemes, at the narrowest and the widest window. */
  async mindsOf(path: string): Promise<unknown[]> {
    const minds: unknown[] = [];
    await this.goTo(path);
    for (const scheme of ['light', 'dark'] as const) {
      await this.look({ width: 1440, scheme });
      const found = await this.violations();
      minds.push(...(Array.isArray(found) ? found : [found]));
    }
    await this.look({ width: 380 });
    if (await this.isTooWide()) minds.push('it is wider than 380 px');
    await this.look({ width: 1440 });
    return minds;
  }

  /** True if the video of the page plays. */
  async plays(): Promise<unknown> {
    return this.page.evaluate(`(async () => {
      const video = document.querySelector('video.player');
      video.muted = true;
      await video.play();
      const from = video.currentTime;
      for (let turn = 0; turn < 100 && video.currentTime <= from; turn += 1) await new Promise((go) => setTimeout(go, 50));
      return video.currentTime > from;
    })()`);
  }

  /** True if the page is wider than its window. */
  async isTooWide(): Promise<unknown> {
    return this.page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  }

  /** Returns the bytes that a fresh browser transfers for a page, without videos. */
  async weightOf(path: string): Promise<number> {
    await this.page.send('Network.setCacheDisabled', { cacheDisabled: true });
    this.#bytes = 0;
    await this.goTo(path);
    await this.page.send('Network.setCacheDisabled', { cacheDisabled: false });
    return this.#bytes;
  }

  async signIn(token: string): Promise<void> {
    await this.goTo('/sign-in');
    await this.fill('#token', token);
    await this.press('main form button');
  }

  async #resize(height: number): Promise<void> {
    const size = { width: this.#width, height, deviceScaleFactor: 1, mobile: false };
    await this.page.send('Emulation.setDeviceMetricsOverride', size);
  }

  /** Runs a member of an element; the browser waits for no page. */
  async #on(selector: string, member: string): Promise<unknown> {
    const found = await this.page.evaluate(`document.querySelector(${JSON.stringify(selector)}) !== null`);
    if (found !== true) throw new Error(`there is no ${selector} on the page:\n${await this.text()}`);
    return this.page.evaluate(`document.querySelector(${JSON.stringify(selector)}).${member}; 0`);
  }

  async #loading(act: () => Promise<unknown>): Promise<void> {
    const before = this.#loads;
    await act();
    await until('a page is loaded', async () => this.#loads > before, PATIENT_MS, 20);
  }

  #hear(method: string, params: unknown): void {
    if (method === 'Page.loadEventFired') this.#loads += 1;
    if (method === 'Network.requestWillBeSent') {
      const { url } = request.parse(params).request;
      // The browser draws the controls of a video with pictures of its own.
      if (!url.startsWith('data:')) this.asked.push(url);
    }
    if (method === 'Network.responseReceived') {
      const { requestId, type } = answered.parse(params);
      if (type === 'Media') this.#media.add(requestId);
    }
    if (method === 'Network.loadingFinished') {
      const { requestId, encodedDataLength } = finished.parse(params);
      if (!this.#media.has(requestId)) this.#bytes += encodedDataLength;
    }
    if (method === 'Runtime.exceptionThrown') this.faults.push(JSON.stringify(params).slice(0, 500));
    if (method !== 'Log.entryAdded') return;
    const { level, text, url = '' } = logged.parse(params).entry;
    // A page that says why it failed has its status.
    if (level === 'error' && !/the server responded with a status of 4\d\d/.test(text))
      this.faults.push(`${text} ${url}`);
  }
}

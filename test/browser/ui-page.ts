import { runPage } from '../../src/cli/commands/open.js';
import type { Browser, Page } from '../support/chromium.js';
import type { Stage } from '../support/stage.js';
import { until } from '../support/until.js';

/** The page follows what it fetches; browsers that share two cores are slow, and slower the more they are asked. */
export const PATIENT = { timeout: 30_000, interval: 200 };

/** What stands on the page and in its frames, in which the UI shows Markdown. */
const VISIBLE = `[document, ...[...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument)]
  .map((shown) => shown?.body?.innerText ?? '').join('\\n')`;

/** Links as a person can click them: text and target. */
const LINKS = `[...document.querySelectorAll('iframe')]
  .flatMap((frame) => [...(frame.contentDocument?.querySelectorAll('a') ?? [])])
  .map(({ innerText, href }) => [innerText, href])`;

/** Tags within what the UI rendered. */
const MARKUP = `[...document.body.querySelectorAll('main *')]
  .map(({ localName }) => localName).filter((name) => name !== 'p')`;

/** The UI gives a frame the height of what stands in it a moment after that. */
const HEIGHTS = `[...document.querySelectorAll('iframe')].map((frame) => frame.clientHeight).join()`;

/** Where the last frame ends. */
const BOTTOM = `Math.max(0, ...[...document.querySelectorAll('iframe')]
  .map((frame) => frame.getBoundingClientRect().bottom))`;

const COLUMNS = ['Status', 'Workflow ID', 'RenderState', 'RenderProject', 'Start', 'End'];

/** What a person chooses once in the UI: times in UTC, columns that tell. */
const SETTINGS = {
  timeFormat: 'UTC',
  timeFormatType: 'absolute',
  'namespace-workflow-table-columns': { default: COLUMNS.map((label) => ({ label })) },
};

/** The UI draws only what is in view. */
const VIEW = { width: 1440, height: 1200, deviceScaleFactor: 1, mobile: false };
/** What all pages have at the left and at the top is left out of pictures. */
const FRAME = { x: 256, y: 48 };

/** A tab of a render's page, as its address ends. */
export type RenderTab = 'timeline' | 'pending-activities' | 'user-metadata' | 'search-attributes';

/** The Temporal UI in a page of a browser. */
export class UiPage {
  readonly page: Page;
  readonly #stage: Pick<Stage, 'client' | 'engine'>;

  private constructor(page: Page, stage: Pick<Stage, 'client' | 'engine'>) {
    this.page = page;
    this.#stage = stage;
  }

  static async open(browser: Browser, stage: Pick<Stage, 'client' | 'engine'>): Promise<UiPage> {
    const page = await browser.open();
    const settings = Object.entries(SETTINGS).map(([name, value]) => [name, JSON.stringify(value)]);
    const source = `for (const [name, value] of ${JSON.stringify(settings)}) localStorage.setItem(name, value)`;
    await page.send('Page.addScriptToEvaluateOnNewDocument', { source });
    await page.send('Emulation.setScrollbarsHidden', { hidden: true });
    await page.send('Emulation.setDeviceMetricsOverride', VIEW);
    return new UiPage(page, stage);
  }

  /** The list of renders, with what the query leaves of it. */
  async showList(query = ''): Promise<void> {
    const search = query === '' ? '' : `?${new URLSearchParams({ query }).toString()}`;
    const { uiUrl } = this.#stage.engine;
    await this.page.send('Page.navigate', { url: `${uiUrl}/namespaces/default/workflows${search}` });
  }

  /** A render's page. */
  async showRender(key: string, tab: RenderTab): Promise<void> {
    const { client, engine } = this.#stage;
    const { runId } = await client.workflow.getHandle(key).describe();
    const run = { namespace: 'default', workflowId: key, runId };
    await this.page.send('Page.navigate', { url: runPage(engine.uiUrl, run).replace(/timeline$/, tab) });
  }

  /** A text as the UI renders it in its frames. */
  async showMarkdown(content: string): Promise<void> {
    const query = new URLSearchParams({ content, theme: 'light' }).toString();
    await this.page.send('Page.navigate', { url: `${this.#stage.engine.uiUrl}/render?${query}` });
  }

  /** What Markdown became, beside paragraphs. */
  markup(): Promise<unknown> {
    return this.page.evaluate(MARKUP);
  }

  /** The UI rounds the quotes of Markdown; here they are straight. */
  async text(): Promise<string> {
    const text = String(await this.page.evaluate(VISIBLE));
    return text.replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"');
  }

  /** Those texts that are not on the page. */
  async missing(...texts: readonly (string | RegExp)[]): Promise<readonly (string | RegExp)[]> {
    const shown = await this.text();
    return texts.filter((text) => (typeof text === 'string' ? !shown.includes(text) : !text.test(shown)));
  }

  /** The page once it has come to rest: so much of its top, and all that stands in frames. */
  async picture(least: number): Promise<Buffer> {
    let before: unknown;
    const isAtRest = async (): Promise<boolean> => {
      const heights = await this.page.evaluate(HEIGHTS);
      const isSame = heights === before;
      before = heights;
      return isSame;
    };
    await until('the page is at rest', isAtRest, PATIENT.timeout, 300);
    const bottom = Number(await this.page.evaluate(BOTTOM));
    const height = Math.max(least, Math.ceil(bottom) - FRAME.y);
    return this.page.screenshot({ ...FRAME, width: VIEW.width - FRAME.x, height });
  }

  /** The links in the frames. */
  links(): Promise<unknown> {
    return this.page.evaluate(LINKS);
  }

  click(testId: string, within = ''): Promise<unknown> {
    return this.page.evaluate(`document.querySelector('${within} [data-testid="${testId}"]').click()`);
  }
}
